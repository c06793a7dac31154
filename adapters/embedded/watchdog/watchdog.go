// Package watchdog runs a shell script when this process ends, however it ends.
//
// The script's shell waits for the end of a pipe that only this process holds
// open. The kernel closes the pipe even when the process is killed. This works
// alike on Linux and macOS. Linux's parent-death signal would not: it is sent
// when a thread ends.
package watchdog

import (
	"io"
	"os/exec"
	"syscall"
)

// Watchdog is a shell that waits for the end of this process.
type Watchdog struct {
	shell *exec.Cmd
	pipe  io.WriteCloser
}

// Start starts a shell with a script and its arguments, $1 and on. A read in
// the script waits for a line from Send, and fails once this process has ended.
// Signals that a terminal or a service manager sends to all processes do not
// reach the script. It has no environment but PATH, and its output is dropped.
func Start(script string, args ...string) (*Watchdog, error) {
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
	return &Watchdog{shell, pipe}, nil
}

// Send sends the script a line.
func (w *Watchdog) Send(line string) error {
	_, err := io.WriteString(w.pipe, line+"\n")
	return err
}

// Stop ends the shell before it acts, and waits for its end.
func (w *Watchdog) Stop() {
	// Killed first: a shell that sees the pipe close would act.
	_ = w.shell.Process.Kill()
	_ = w.shell.Wait()
	_ = w.pipe.Close()
}

// End lets the shell act as if this process had ended, and waits for its end.
func (w *Watchdog) End() {
	_ = w.pipe.Close()
	_ = w.shell.Wait()
}
