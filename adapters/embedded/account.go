package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the operating system's user that PostgreSQL's programs run as.
// The zero value is the user that runs this process.
type account struct {
	uid, gid uint32
	drop     bool
}

// chooseAccount returns the user to run as. PostgreSQL refuses to run as root. So
// root starts it as the owner of the existing data, or else as a user that almost
// every system has.
func chooseAccount(data string) (account, error) {
	if os.Geteuid() != 0 {
		return account{}, nil
	}
	if info, err := os.Stat(data); err == nil {
		if uid, gid := owner(info); uid != 0 {
			return account{uid: uid, gid: gid, drop: true}, nil
		}
	}
	for _, name := range []string{"postgres", "_postgres", "nobody"} {
		if found, err := user.Lookup(name); err == nil {
			return parseAccount(found)
		}
	}
	return account{}, errNoAccount
}

var errNoAccount = errors.New("running as root, which PostgreSQL refuses, and there is no user " +
	"postgres or nobody to run it as: create a user postgres, run as another user, or set DATABASE_URL")

func parseAccount(u *user.User) (account, error) {
	uid, err := strconv.ParseInt(u.Uid, 10, 64)
	if err != nil {
		return account{}, fmt.Errorf("user %s: %w", u.Username, err)
	}
	gid, err := strconv.ParseInt(u.Gid, 10, 64)
	if err != nil {
		return account{}, fmt.Errorf("group of user %s: %w", u.Username, err)
	}
	// The number of macOS's user nobody is -2, which the system stores as 1<<32 - 2.
	return account{uid: uint32(uid & math.MaxUint32), gid: uint32(gid & math.MaxUint32), drop: true}, nil
}

// attributes puts a program in its own session, so that Ctrl-C in the terminal
// does not reach it: the server must run until the requests under way are done.
func (a account) attributes() *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setsid: true}
	if a.drop {
		attributes.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	return attributes
}

// canEnter returns an error that names the first folder of a path that the
// account may not enter.
func (a account) canEnter(path string) error {
	for dir := path; a.drop && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			return err
		}
		pass := info.Mode().Perm() & 0o001
		switch uid, gid := owner(info); {
		case uid == a.uid:
			pass = info.Mode().Perm() & 0o100
		case gid == a.gid:
			pass = info.Mode().Perm() & 0o010
		}
		if pass == 0 {
			return fmt.Errorf("running as root, which PostgreSQL refuses, and the user it runs as (%d) can't enter %s: "+
				"chmod o+x it, or choose another folder (ROSTER_DATA)", a.uid, dir)
		}
	}
	return nil
}

// chown makes the account the owner of a file or folder.
func (a account) chown(path string) error {
	if !a.drop {
		return nil
	}
	return os.Chown(path, int(a.uid), int(a.gid))
}

func owner(info fs.FileInfo) (uid, gid uint32) {
	stat := info.Sys().(*syscall.Stat_t)
	return stat.Uid, stat.Gid
}
