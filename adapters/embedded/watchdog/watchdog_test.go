package watchdog_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/embedded/watchdog"
)

// The variables that make this test binary start a watchdog, which writes to the
// file, and then end in one of several ways.
const fileVariable, endingVariable = "ROSTER_WATCHDOG_TEST_FILE", "ROSTER_WATCHDOG_TEST_ENDING"

const script = `read -r name; read -r _; echo "$name left $HOME" > "$1"`

func TestMain(m *testing.M) {
	if file := os.Getenv(fileVariable); file != "" {
		end(file, os.Getenv(endingVariable))
	}
	goleak.VerifyTestMain(m)
}

func end(file, ending string) {
	dog, err := watchdog.Start(script, file)
	if err == nil {
		err = dog.Send("Ada")
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

func TestTheScriptActsWhenTheProcess(t *testing.T) {
	for _, ending := range []string{"exits", "panics", "is killed", "is interrupted with its group"} {
		t.Run(ending, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "a file")
			process := exec.Command(os.Args[0])
			process.Env = append(os.Environ(), fileVariable+"="+file, endingVariable+"="+ending, "HOME=/secret")
			process.Env = append(process.Env, "GORACE=atexit_sleep_ms=0") // with the race detector it would wait a second
			process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			err := process.Run()
			if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if got := await(file); got != "Ada left \n" {
				t.Errorf("it wrote %q", got)
			}
		})
	}
}

// await returns what the script wrote to a file, once it has.
func await(file string) string {
	for {
		if content, err := os.ReadFile(file); err == nil && len(content) > 0 {
			return string(content)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestAStoppedWatchdogDoesNotAct(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	dog, err := watchdog.Start(script, file)
	if err != nil {
		t.Fatal(err)
	}
	if err := dog.Send("Ada"); err != nil {
		t.Fatal(err)
	}
	dog.Stop() // the shell is gone when this returns
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it acted: %v", err)
	}
	if err := dog.Send("Ada"); err == nil {
		t.Error("it still reads")
	}
}
