package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDefaultFolders(t *testing.T) {
	const root, user = 0, 1000
	temporary := temporaryRuntime(os.TempDir(), user)
	cases := []struct {
		name  string
		euid  int
		env   map[string]string
		given Options
		want  Options
	}{
		{"root uses the system's", root, map[string]string{"HOME": "/root", "XDG_DATA_HOME": "/x"}, Options{}, Options{
			DataDir: "/var/lib/roster/postgres", CacheDir: "/var/cache/roster", RuntimeDir: "/var/run/roster",
		}},
		{"a user's home is the default", user, map[string]string{"HOME": "/home/ada"}, Options{}, Options{
			DataDir: "/home/ada/.local/share/roster/postgres", CacheDir: "/home/ada/.cache/roster", RuntimeDir: temporary,
		}},
		{"XDG variables move them", user, map[string]string{
			"XDG_DATA_HOME": "/d", "XDG_CACHE_HOME": "/c", "XDG_RUNTIME_DIR": "/r",
		}, Options{}, Options{
			DataDir: "/d/roster/postgres", CacheDir: "/c/roster", RuntimeDir: "/r/roster",
		}},
		{"relative XDG variables are ignored", user, map[string]string{
			"HOME": "/h", "XDG_DATA_HOME": "d", "XDG_CACHE_HOME": "c", "XDG_RUNTIME_DIR": "r",
		}, Options{}, Options{
			DataDir: "/h/.local/share/roster/postgres", CacheDir: "/h/.cache/roster", RuntimeDir: temporary,
		}},
		{
			"given folders stay", user,
			map[string]string{"XDG_RUNTIME_DIR": "/r"},
			Options{DataDir: "/1", CacheDir: "/2", RuntimeDir: "/3"},
			Options{DataDir: "/1", CacheDir: "/2", RuntimeDir: "/3"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			o := c.given
			getenv := func(name string) string { return c.env[name] }
			if err := errors.Join(o.fillFolders(c.euid, getenv), o.fillCache(c.euid, getenv)); err != nil {
				t.Fatal(err)
			}
			if o.DataDir != c.want.DataDir || o.CacheDir != c.want.CacheDir || o.RuntimeDir != c.want.RuntimeDir {
				t.Errorf("got %+v", o)
			}
		})
	}
}

func TestWithoutAHomeTheFixIsNamed(t *testing.T) {
	none := func(string) string { return "" }
	for variable, fill := range map[string]func(*Options) error{
		"XDG_DATA_HOME":  func(o *Options) error { return o.fillFolders(1000, none) },
		"XDG_CACHE_HOME": func(o *Options) error { return o.fillCache(1000, none) },
	} {
		o := Options{}
		err := fill(&o)
		if err == nil {
			t.Fatalf("without %s: %+v", variable, o)
		}
		contains(t, err.Error(), "HOME", variable)
	}
}

func TestAHomeIsNeededOnlyForWhatIsNotNamed(t *testing.T) {
	t.Setenv("HOME", "")
	t.Setenv("XDG_CACHE_HOME", "")
	o := in(folder(t))
	o.CacheDir = ""
	started(t, o)
}

func TestASocketPathThatIsTooLongMovesToAShortFolder(t *testing.T) {
	dir, o, c := emptyCluster(t)
	long := filepath.Join(dir, strings.Repeat("long/", 20))
	key := folderKey(o.DataDir)
	cases := []struct{ name, runtime, temporary, want string }{
		{"a short path is kept", o.RuntimeDir, dir, o.RuntimeDir},
		{"a long one moves to the temporary folder", long, dir, temporaryRuntime(dir, os.Geteuid())},
		{"or to the system's if that is long too", long, long, temporaryRuntime("/tmp", os.Geteuid())},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("TMPDIR", test.temporary)
			o.RuntimeDir = test.runtime
			e, err := c.endpoint(o)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = os.Remove(test.want) }() // empty then, unless a server of Roster uses it
			defer e.remove()
			if e.socketDir != filepath.Join(test.want, key) {
				t.Errorf("the socket is in %s", e.socketDir)
			}
		})
	}
}

func TestAServerWithALongRuntimeFolderAnswers(t *testing.T) {
	dir := folder(t)
	t.Setenv("TMPDIR", dir)
	o := in(dir)
	o.RuntimeDir = filepath.Join(dir, strings.Repeat("long/", 20))
	connected(t, started(t, o).URL("postgres"))
}

func TestARelativeFolderIsMadeAbsolute(t *testing.T) {
	dir := folder(t)
	t.Chdir(dir)
	o := in("")
	server := started(t, o)
	if server.DataDir() != filepath.Join(dir, "data") {
		t.Errorf("the data is in %s", server.DataDir())
	}
}

func TestAFolderOfAnotherUserIsRefused(t *testing.T) {
	dir := t.TempDir()
	open, link, fine := filepath.Join(dir, "open"), filepath.Join(dir, "link"), filepath.Join(dir, "fine")
	for _, path := range []string{open, fine} {
		if err := os.Mkdir(path, 0o711); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Chmod(open, 0o777), os.Symlink(fine, link)); err != nil {
		t.Fatal(err)
	}
	for path, isFine := range map[string]bool{open: false, link: false, fine: true, filepath.Join(dir, "new"): true} {
		if err := privateFolder(path, 0o711); (err == nil) != isFine {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestDataOfAnotherMajorVersionIsRefused(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	server := started(t, o)
	stop(t, server)
	write(t, filepath.Join(o.DataDir, "cluster", "PG_VERSION"), "14\n")
	for name, binDir := range map[string]string{"programs that are found": "", "programs that are given": server.build.dir} {
		t.Run("by "+name, func(t *testing.T) {
			o.BinDir = binDir
			err := refused(t, o)
			if !errors.Is(err, ErrOtherVersion) {
				t.Error(err)
			}
			contains(t, err.Error(), o.DataDir, "PostgreSQL 14", server.build.dir, server.Version(), "pg_upgrade", "ROSTER_DATA")
		})
	}
	write(t, filepath.Join(o.DataDir, "cluster", "PG_VERSION"), fmt.Sprintln(server.build.major))
	started(t, o) // the refusals harmed nothing
}

func TestALostPasswordIsNamed(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	stop(t, started(t, o))
	password := filepath.Join(o.DataDir, "password")
	right, err := os.ReadFile(password)
	if err != nil {
		t.Fatal(err)
	}
	write(t, password, "")
	contains(t, refused(t, o).Error(), password, "missing or empty")
	write(t, password, "wrong\n")
	contains(t, refused(t, o).Error(), "password file")
	write(t, password, string(right))
	started(t, o)
}
