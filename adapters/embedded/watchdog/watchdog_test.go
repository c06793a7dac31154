package lastwill_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/embedded/lastwill"
	"go.uber.org/goleak"
)

// testatorOf is the variable that makes this binary write a will, about the
// file that it names, and die in the way that a second one names.
const testatorOf, ending = "ROSTER_LASTWILL_TEST_FILE", "ROSTER_LASTWILL_TEST_ENDING"

const script = `read -r name; read -r _; echo "$name left $HOME" > "$1"`

func TestMain(m *testing.M) {
	if file := os.Getenv(testatorOf); file != "" {
		die(file, os.Getenv(ending))
	}
	goleak.VerifyTestMain(m)
}

func die(file, ending string) {
	will, err := lastwill.Write(script, file)
	if err == nil {
		err = will.Tell("Ada")
	}
	switch {
	case err != nil || ending == "panics":
		panic(err)
	case ending == "is killed":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	case ending == "is interrupted with its group":
		_ = syscall.Kill(0, syscall.SIGINT)
		select {}
	}
	os.Exit(0)
}

func TestTheWillIsDoneWhenTheProcess(t *testing.T) {
	for _, end := range []string{"exits", "panics", "is killed", "is interrupted with its group"} {
		t.Run(end, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "a file")
			process := exec.Command(os.Args[0])
			process.Env = append(os.Environ(), testatorOf+"="+file, ending+"="+end, "HOME=/secret")
			process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			err := process.Run()
			if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if got := await(t, file); got != "Ada left \n" {
				t.Errorf("it did %q", got)
			}
		})
	}
}

// await returns what the shell wrote to a file, once it has.
func await(t *testing.T, file string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		if content, err := os.ReadFile(file); err == nil && len(content) > 0 {
			return string(content)
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("it never did")
	return ""
}

func TestARevokedWillIsNotDone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	will, err := lastwill.Write(script, file)
	if err != nil {
		t.Fatal(err)
	}
	if err := will.Tell("Ada"); err != nil {
		t.Fatal(err)
	}
	will.Revoke() // the shell is gone when this returns
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it did: %v", err)
	}
	if err := will.Tell("Ada"); err == nil {
		t.Error("it still listens")
	}
}
