package embedded

import (
	"io"
	"os/exec"
	"strconv"
	"syscall"
)

// lifeline stops the server when this process ends in a way that lets it stop
// nothing itself. A shell waits for the end of a pipe that only this process
// holds open, which the kernel closes however the process dies, and then asks
// the server for a fast shutdown. The same on Linux and macOS; unlike Linux's
// parent-death signal, it isn't tied to the life of a thread.
type lifeline struct {
	shell *exec.Cmd
	pipe  io.WriteCloser
}

// The shell learns the server's process id by the pipe, so that it is there
// before the server is. It ignores the signals that a terminal or a service
// manager sends to all: it ends when the pipe does.
const lifelineScript = `trap '' INT TERM HUP; read -r server || exit 0; read -r _; kill -INT "$server" 2>/dev/null`

func startLifeline() (*lifeline, error) {
	shell := exec.Command("/bin/sh", "-c", lifelineScript)
	shell.Dir, shell.Env = "/", []string{} // nothing to hold on to, no secrets
	shell.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	pipe, err := shell.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := shell.Start(); err != nil {
		return nil, err
	}
	return &lifeline{shell, pipe}, nil
}

// guard names the process to stop.
func (l *lifeline) guard(pid int) error {
	_, err := io.WriteString(l.pipe, strconv.Itoa(pid)+"\n")
	return err
}

// cut ends the lifeline without a signal to the server. The shell is killed
// before its pipe closes: the process id may be another's by now.
func (l *lifeline) cut() {
	_ = l.shell.Process.Kill()
	_ = l.shell.Wait()
	_ = l.pipe.Close()
}
