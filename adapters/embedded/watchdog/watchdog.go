// Package lastwill has a shell act when this process ends, however it ends.
//
// The shell waits for the end of a pipe that only this process holds open,
// which the kernel closes even when the process is killed. That works the same
// on Linux and macOS and, unlike Linux's parent-death signal, isn't tied to the
// life of a thread.
package lastwill

import (
	"io"
	"os/exec"
	"syscall"
)

// Will is a shell that waits.
type Will struct {
	shell *exec.Cmd
	pipe  io.WriteCloser
}

// Write starts a shell with a script and its arguments, $1 and on. A read in
// the script waits for a line of Tell, and fails once this process has ended.
// The script is out of reach of signals that a terminal or a service manager
// sends to all; its environment is empty and its output dropped.
func Write(script string, args ...string) (*Will, error) {
	shell := exec.Command("/bin/sh", append([]string{"-c", "trap '' INT TERM HUP; " + script, "sh"}, args...)...)
	shell.Dir, shell.Env = "/", []string{"PATH=/usr/bin:/bin"}
	shell.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	pipe, err := shell.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := shell.Start(); err != nil {
		return nil, err
	}
	return &Will{shell, pipe}, nil
}

// Tell sends the script a line.
func (w *Will) Tell(line string) error {
	_, err := io.WriteString(w.pipe, line+"\n")
	return err
}

// Revoke ends the shell before it acts, and waits for its end.
func (w *Will) Revoke() {
	// Killed first: a shell that sees the pipe close would act.
	_ = w.shell.Process.Kill()
	_ = w.shell.Wait()
	_ = w.pipe.Close()
}
