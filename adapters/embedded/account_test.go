package embedded

import (
	"os"
	"os/user"
	"path/filepath"
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
	got, err := chooseAccount(data)
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
