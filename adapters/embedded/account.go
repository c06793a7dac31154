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

// ownAccounts are the accounts that root uses without being told, the first that
// exists. Programs of others do not run as them.
var ownAccounts = []string{"roster", "postgres", "_postgres"}

// chooseAccount returns the user to run as. PostgreSQL refuses to run as root. So
// root starts it as the owner of the existing data, or else as the account that is
// named, or as one of ownAccounts. It never takes nobody: any service may run as
// nobody, and could read and change the data.
func chooseAccount(data, name string) (account, error) {
	if os.Geteuid() != 0 {
		if name != "" {
			return account{}, fmt.Errorf("ROSTER_PG_USER is %s, and only root can start programs as another user: unset it", name)
		}
		return account{}, nil
	}
	named, err := namedAccount(name)
	if err != nil {
		return account{}, err
	}
	if info, err := os.Lstat(data); err == nil {
		uid, gid := owner(info)
		switch {
		case !info.IsDir() || uid == 0:
			return account{}, fmt.Errorf("%s must be a folder of the user that PostgreSQL runs as: restore it, or chown it", data)
		case named.drop && named.uid != uid:
			return account{}, fmt.Errorf("ROSTER_PG_USER is %s, and the data in %s is of user %d: run chown -R %s %s, or unset it",
				name, data, uid, name, data)
		}
		return account{uid: uid, gid: gid, drop: true}, nil
	}
	if named.drop {
		return named, nil
	}
	for _, name := range ownAccounts {
		if found, err := user.Lookup(name); err == nil {
			return parseAccount(found)
		}
	}
	return account{}, errNoAccount
}

var errNoAccount = errors.New("running as root, which PostgreSQL refuses, and there is no account roster or postgres to run it as: " +
	"create one (useradd --system --user-group roster, or adduser -S roster), let ROSTER_PG_USER name another, " +
	"run Roster as another user, or set DATABASE_URL")

// namedAccount is the account with a name; the zero value for none.
func namedAccount(name string) (account, error) {
	if name == "" {
		return account{}, nil
	}
	found, err := user.Lookup(name)
	if err != nil {
		return account{}, fmt.Errorf("ROSTER_PG_USER: %w: create it, or name another", err)
	}
	named, err := parseAccount(found)
	if err == nil && named.uid == 0 {
		err = fmt.Errorf("ROSTER_PG_USER is %s, which PostgreSQL refuses to run as: name another", name)
	}
	return named, err
}

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

// give makes the account the owner of an open file or folder. A path could lead to
// another file by now.
func (a account) give(file *os.File) error {
	if !a.drop {
		return nil
	}
	return file.Chown(int(a.uid), int(a.gid))
}

// giveFolder makes the account the owner of a folder that this process has made.
func (a account) giveFolder(path string) (err error) {
	if !a.drop {
		return nil
	}
	folder, err := os.OpenFile(path, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	info, err := folder.Stat()
	if err != nil {
		return err
	}
	if uid, _ := owner(info); int(uid) != os.Geteuid() {
		return fmt.Errorf("%s was replaced by a folder of user %d", path, uid)
	}
	return a.give(folder)
}

// checkFolder returns an error if others than root could replace the files that root
// makes in a folder.
func (a account) checkFolder(path string) error {
	if !a.drop {
		return nil
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if uid, _ := owner(info); uid != 0 || !info.IsDir() || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("Roster runs as root, and %s is not a folder that only root can write to: "+
			"run chown root and chmod go-w on it, or choose another folder (ROSTER_DATA)", path)
	}
	return nil
}

func owner(info fs.FileInfo) (uid, gid uint32) {
	stat := info.Sys().(*syscall.Stat_t)
	return stat.Uid, stat.Gid
}
