package embedded

import (
	"errors"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"
)

func TestTheServerNeverRunsAsRoot(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	server := started(t, o)
	info, err := os.Stat(filepath.Join(server.DataDir(), "cluster", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := owner(info)
	if uid == 0 {
		t.Error("it runs as root")
	}
	if me := os.Geteuid(); me != 0 && uid != uint32(me) {
		t.Errorf("user %d started it, and it runs as %d", me, uid)
	}
}

func TestDataKeepsItsOwner(t *testing.T) {
	const ada = 4711
	data, me := t.TempDir(), os.Geteuid()
	want := account{}
	if me == 0 {
		want = account{uid: ada, gid: ada, drop: true}
		if err := os.Chown(data, ada, ada); err != nil {
			t.Fatal(err)
		}
	}
	got, err := chooseAccount(data, "")
	if err != nil || got != want {
		t.Errorf("user %d would run it as %+v, %v", me, got, err)
	}
}

func TestUserNumbers(t *testing.T) {
	cases := []struct {
		name     string
		uid, gid string
		want     account
		isValid  bool
	}{
		{"a plain user", "101", "104", account{uid: 101, gid: 104, drop: true}, true},
		{"macOS's nobody", "-2", "-2", account{uid: 1<<32 - 2, gid: 1<<32 - 2, drop: true}, true},
		{"a user that is no number", "S-1-5", "1", account{}, false},
		{"a group that is no number", "1", "S-1-5", account{}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := parseAccount(&user.User{Uid: c.uid, Gid: c.gid, Username: "ada"})
			if got != c.want || (err == nil) != c.isValid {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestAFolderThatTheServersUserCannotEnterIsNamed(t *testing.T) {
	me, group := uint32(os.Geteuid()), uint32(os.Getegid())
	dir := folder(t)
	inside := filepath.Join(dir, "closed", "data")
	if err := os.MkdirAll(inside, 0o700); err != nil {
		t.Fatal(err)
	}
	closed := filepath.Dir(inside)
	cases := []struct {
		name    string
		mode    os.FileMode
		account account
		enters  bool
	}{
		{"the owner passes", 0o700, account{uid: me, gid: group, drop: true}, true},
		{"another user does not", 0o700, account{uid: me + 1, gid: group + 1, drop: true}, false},
		{"a group that is let in passes", 0o710, account{uid: me + 1, gid: group, drop: true}, true},
		{"a group that is shut out does not", 0o701, account{uid: me + 1, gid: group, drop: true}, false},
		{"anybody passes when all may", 0o711, account{uid: me + 1, gid: group + 1, drop: true}, true},
		{"nobody is checked without a change of user", 0o000, account{}, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if err := os.Chmod(closed, c.mode); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = os.Chmod(closed, 0o700) }()
			err := c.account.canEnter(closed)
			if (err == nil) != c.enters {
				t.Fatal(err)
			}
			if err != nil {
				contains(t, err.Error(), closed, "chmod")
			}
		})
	}
}

func TestTheAccountOfNewData(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none")
	if os.Geteuid() != 0 {
		if _, err := chooseAccount(missing, "postgres"); err == nil {
			t.Error("another user than root starts programs as postgres")
		}
		return
	}
	for name, want := range map[string]string{"root": "refuses to run as", "no-such-account": "ROSTER_PG_USER"} {
		_, err := chooseAccount(missing, name)
		if err == nil {
			t.Fatalf("%s is taken", name)
		}
		contains(t, err.Error(), want)
	}
	named, err := chooseAccount(missing, "nobody") // it is named, so it is meant
	nobody, lookup := user.Lookup("nobody")
	if err != nil || lookup != nil || strconv.Itoa(int(named.uid)) != nobody.Uid {
		t.Errorf("got %+v, %v, %v", named, err, lookup)
	}
	found, err := chooseAccount(missing, "")
	if err == nil && found.uid == named.uid {
		t.Error("nobody is taken without being named")
	}
}

func TestDataOfAnotherAccountOrOfRootIsNotServed(t *testing.T) {
	data := t.TempDir()
	if os.Geteuid() != 0 {
		if got, err := chooseAccount(data, ""); err != nil || got != (account{}) {
			t.Errorf("another user than root would run it as %+v, %v", got, err)
		}
		return
	}
	if _, err := chooseAccount(data, ""); err == nil { // of root
		t.Error("data of root is served")
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := errors.Join(os.Chown(data, 4711, 4711), os.Symlink(data, link)); err != nil {
		t.Fatal(err)
	}
	for path, name := range map[string]string{data: "nobody", link: ""} {
		if got, err := chooseAccount(path, name); err == nil {
			t.Errorf("%s would be served as %+v", path, got)
		}
	}
}

func TestAFolderIsGivenByDescriptor(t *testing.T) {
	a := account{uid: 4711, gid: 4711, drop: true}
	dir := t.TempDir()
	other, link := filepath.Join(dir, "other"), filepath.Join(dir, "link")
	if err := errors.Join(os.Mkdir(other, 0o700), os.Symlink(other, link)); err != nil {
		t.Fatal(err)
	}
	if err := a.giveFolder(link); err == nil {
		t.Error("a link is followed")
	}
	info, err := os.Stat(other)
	if err != nil {
		t.Fatal(err)
	}
	if uid, _ := owner(info); int(uid) != os.Geteuid() {
		t.Errorf("the folder that the link leads to is of user %d", uid)
	}
}

func TestRootWritesOnlyToItsOwnFolder(t *testing.T) {
	a := account{uid: 4711, gid: 4711, drop: true}
	open := filepath.Join(t.TempDir(), "open")
	if err := errors.Join(os.Mkdir(open, 0o700), os.Chmod(open, 0o777)); err != nil {
		t.Fatal(err)
	}
	if err := a.checkFolder(open); err == nil {
		t.Error("a folder that all can write to is taken")
	} else {
		contains(t, err.Error(), open, "chmod")
	}
}
