package pgtest

import (
	"os"
	"path/filepath"
	"syscall"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/embedded/lastwill"
)

// scratch is a folder that is removed when this process ends, even if it is killed.
type scratch struct {
	dir  string
	will *lastwill.Will
}

// removeFolder removes the folder after the server has left it, or after half a
// minute. It tries several times, since an initdb without its parent may still
// add files.
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
	dir, err := os.MkdirTemp(scratchBase("/dev/shm"), "roster-test-")
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

// scratchBase is the folder for scratch folders. It is in memory if the system has
// room there: a clone is 300 new files, and a disk takes ten times as long for them.
// Otherwise it is TMPDIR or the system's default.
func scratchBase(memory string) string {
	const room = 2 << 30 // bytes
	var stat syscall.Statfs_t
	if os.Getenv("TMPDIR") != "" || syscall.Statfs(memory, &stat) != nil || stat.Bavail*uint64(stat.Bsize) < room {
		return os.TempDir()
	}
	return memory
}

// options are those of a server in the folder: fast, small, and without background
// work. Tests that cause deadlocks do not wait long for the server to find them.
func (s *scratch) options() embedded.Options {
	return embedded.Options{
		DataDir:    filepath.Join(s.dir, "data"),
		RuntimeDir: filepath.Join(s.dir, "run"),
		Repository: os.Getenv("ROSTER_PG_REPOSITORY"),
		Volatile:   true,
		Settings: map[string]string{
			"shared_buffers":   "32MB",
			"max_connections":  "1000", // tests run in parallel, one a processor
			"autovacuum":       "off",
			"deadlock_timeout": "20ms",
			"max_wal_size":     "128MB", // the folder may be in memory
		},
	}
}

func (s *scratch) remove() error {
	err := os.RemoveAll(s.dir)
	s.will.Revoke()
	return err
}
