// Package scratch makes folders for throwaway PostgreSQL servers. A folder is
// removed with the process that made it, even if that process is killed.
package scratch

import (
	"os"
	"syscall"

	"github.com/roster-directory/roster/adapters/embedded/watchdog"
)

// Folder is a temporary folder. The data of a server in it is in its subfolder
// "data".
type Folder struct {
	Path string
	dog  *watchdog.Watchdog
}

// removeFolder removes the folder once the server in it has stopped, or after
// half a minute. An initdb that lost its parent may still write to the folder,
// so the script tries until the folder is gone.
const removeFolder = `
read -r _
tries=0
while [ -e "$1" ] && [ "$tries" -lt 300 ]; do
	[ -e "$1/data/cluster/postmaster.pid" ] || rm -rf "$1" 2>/dev/null
	sleep 0.1
	tries=$((tries + 1))
done
rm -rf "$1"`

// New makes a folder that the server's user may enter, who is another user than
// root.
func New() (*Folder, error) {
	path, err := os.MkdirTemp(base("/dev/shm"), "roster-scratch-")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o711); err != nil {
		return nil, err
	}
	dog, err := watchdog.Start(removeFolder, path)
	if err != nil {
		return nil, err
	}
	return &Folder{path, dog}, nil
}

// Remove removes the folder.
func (f *Folder) Remove() error {
	err := os.RemoveAll(f.Path)
	f.dog.Stop()
	return err
}

// base is the folder to make folders in: a file system in memory if there is
// one with enough room, since files there are made ten times as fast as on a
// disk; else the folder for temporary files. TMPDIR overrides both.
func base(memory string) string {
	const room = 2 << 30 // bytes
	var stat syscall.Statfs_t
	if os.Getenv("TMPDIR") != "" || syscall.Statfs(memory, &stat) != nil {
		return os.TempDir()
	}
	if free := stat.Bavail * uint64(stat.Bsize); free < room { //nolint:gosec // the size of a block is positive
		return os.TempDir()
	}
	return memory
}
