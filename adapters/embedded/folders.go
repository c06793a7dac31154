package embedded

import (
	"fmt"
	"os"
	"path/filepath"
)

// fillFolders sets the folders for data and the socket, if they are not set: system
// folders for root, those of the XDG Base Directory Specification for other users.
func (o *Options) fillFolders(euid int, getenv func(string) string) error {
	if euid == 0 {
		setDefault(&o.DataDir, "/var/lib/roster/postgres")
		setDefault(&o.RuntimeDir, "/var/run/roster")
		return nil
	}
	if err := xdgDefault(&o.DataDir, getenv, "XDG_DATA_HOME", ".local/share", "roster/postgres"); err != nil {
		return err
	}
	if base := getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(base) {
		setDefault(&o.RuntimeDir, filepath.Join(base, "roster"))
	}
	setDefault(&o.RuntimeDir, temporaryRuntime(os.TempDir(), euid))
	return nil
}

// fillCache sets the folder for downloads, which only a download needs.
func (o *Options) fillCache(euid int, getenv func(string) string) error {
	if euid == 0 {
		setDefault(&o.CacheDir, "/var/cache/roster")
		return nil
	}
	return xdgDefault(&o.CacheDir, getenv, "XDG_CACHE_HOME", ".cache", "roster")
}

func setDefault(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

// xdgDefault sets field to name under the folder that a variable gives, or
// under its fallback in the home folder. It ignores relative values, as the
// specification says.
func xdgDefault(field *string, getenv func(string) string, variable, fallback, name string) error {
	if *field != "" {
		return nil
	}
	base := getenv(variable)
	if !filepath.IsAbs(base) {
		home := getenv("HOME")
		if !filepath.IsAbs(home) {
			return fmt.Errorf("no folder to use: set HOME or %s to an absolute path", variable)
		}
		base = filepath.Join(home, fallback)
	}
	*field = filepath.Join(base, name)
	return nil
}

func temporaryRuntime(temporary string, euid int) string {
	return filepath.Join(temporary, fmt.Sprintf("roster-%d", euid))
}

// privateFolder makes a folder, and refuses one that another user made. Under
// /tmp every user may make folders.
func privateFolder(path string, mode os.FileMode) error {
	if err := os.MkdirAll(path, mode); err != nil {
		return err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if uid, _ := owner(info); !info.IsDir() || int(uid) != os.Geteuid() || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s must be a folder that only its owner, this user, can write to: remove it, or set another", path)
	}
	return nil
}
