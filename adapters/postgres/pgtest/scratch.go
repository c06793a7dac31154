package pgtest

import (
	"os"
	"path/filepath"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/embedded/lastwill"
)

// scratch is a folder that goes with this process, even when it is killed.
type scratch struct {
	dir  string
	will *lastwill.Will
}

// removeFolder waits for the server to be done with the folder, for half a
// minute at most. An initdb that lost its parent may still add to it: hence the
// repetition.
const removeFolder = `
read -r _
tries=0
while [ -e "$1" ] && [ "$tries" -lt 300 ]; do
	[ -e "$1/data/cluster/postmaster.pid" ] || rm -rf "$1" 2>/dev/null
	sleep 0.1
	tries=$((tries + 1))
done
rm -rf "$1"`

func newScratch() (*scratch, error) {
	dir, err := os.MkdirTemp("", "roster-test-")
	if err != nil {
		return nil, err
	}
	// Where tests run as root, the server runs as another user.
	if err := os.Chmod(dir, 0o711); err != nil {
		return nil, err
	}
	will, err := lastwill.Write(removeFolder, dir)
	if err != nil {
		return nil, err
	}
	return &scratch{dir, will}, nil
}

// options are those of a server that lives in the folder: fast, small, and with
// no work of its own in the background.
func (s *scratch) options() embedded.Options {
	return embedded.Options{
		DataDir:    filepath.Join(s.dir, "data"),
		RuntimeDir: filepath.Join(s.dir, "run"),
		Repository: os.Getenv("ROSTER_PG_REPOSITORY"),
		Volatile:   true,
		Settings: map[string]string{
			"shared_buffers":  "32MB",
			"max_connections": "200",
			"autovacuum":      "off",
		},
	}
}

func (s *scratch) remove() error {
	err := os.RemoveAll(s.dir)
	s.will.Revoke()
	return err
}
