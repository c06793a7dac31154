package embedded

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheEndOfALogIsShown(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	cases := map[string]struct{ content, want string }{
		"a short log is whole": {"one\ntwo\n", "one\ntwo"},
		"a long log is cut":    {strings.Repeat("x", 3000) + "\nlast\n", strings.Repeat("x", 2048-len("\nlast\n")) + "\nlast"},
		"an empty log":         {"", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			write(t, log, c.content)
			if got := tail(log); got != c.want {
				t.Errorf("got %d bytes: %s", len(got), got)
			}
		})
	}
	contains(t, tail(log+".lost"), "no such file")
}

func TestThePreviousLogIsKept(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	for _, word := range []string{"first", "second", "third"} {
		p, err := launch(exec.Command("/bin/echo", word), log)
		if err != nil {
			t.Fatal(err)
		}
		<-p.done
	}
	if now, before := tail(log), tail(log+".old"); now != "third" || before != "second" {
		t.Errorf("%q after %q", now, before)
	}
}

func TestAProgramThatCannotBeStartedLeavesNothingRunning(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	if _, err := launch(exec.Command("/no/such/program"), log); !os.IsNotExist(err) {
		t.Errorf("got %v", err)
	}
	if _, err := launch(exec.Command("/bin/echo"), filepath.Join(log, "not a folder")); err == nil {
		t.Error("a log that can't be written is not noticed")
	}
}

func TestReadingAProcessNumber(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	for content, want := range map[string]int{"42\n/data\n": 42, " 42 ": 42, "": 0, "none\n": 0} {
		write(t, file, content)
		if got := readPid(file); got != want {
			t.Errorf("%q: %d, not %d", content, got, want)
		}
	}
	if got := readPid(file + ".lost"); got != 0 {
		t.Errorf("without a file: %d", got)
	}
}
