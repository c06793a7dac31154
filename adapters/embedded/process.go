package embedded

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"

	"github.com/roster-directory/roster/adapters/embedded/watchdog"
)

// process is a running server.
type process struct {
	command *exec.Cmd
	log     string
	done    chan struct{} // closed when the server has ended
}

// stopServer is the watchdog's script: a fast shutdown of the server if this
// process ends before the server does. The watchdog is started before the server
// and is sent the server's process id.
const stopServer = `read -r server || exit 0; read -r _; kill -INT "$server" 2>/dev/null`

// launch starts the command with its output in the file log. The previous log is
// kept beside it.
func launch(command *exec.Cmd, log string) (*process, error) {
	if err := os.Rename(log, log+".old"); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	output, err := os.OpenFile(log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer output.Close()
	command.Stdout, command.Stderr = output, output
	dog, err := watchdog.Start(stopServer)
	if err != nil {
		return nil, fmt.Errorf("starting the shell that stops the server after a crash: %w", err)
	}
	if err := command.Start(); err != nil {
		dog.Stop()
		return nil, err
	}
	p := &process{command: command, log: log, done: make(chan struct{})}
	err = dog.Send(strconv.Itoa(command.Process.Pid)) // before supervise, which may stop the watchdog
	go p.supervise(dog)
	if err != nil {
		p.quit()
		return nil, fmt.Errorf("sending the server's process id to the shell that stops it after a crash: %w", err)
	}
	return p, nil
}

func (p *process) supervise(dog *watchdog.Watchdog) {
	_ = p.command.Wait() // its error is in ProcessState
	dog.Stop()           // the process id may be another process's now
	close(p.done)
}

// signal sends a signal; a server that has ended needs none.
func (p *process) signal(signal syscall.Signal) { _ = p.command.Process.Signal(signal) }

// quit ends a server at once and waits for it.
func (p *process) quit() {
	p.signal(syscall.SIGQUIT)
	<-p.done
}

// failure describes a server that has ended: its exit status and the end of its log.
func (p *process) failure() error {
	return fmt.Errorf("the server ended (%v); the end of %s:\n%s", p.command.ProcessState, p.log, tail(p.log))
}

// tail returns the last lines of a file, for an error message.
func tail(path string) string {
	const maxBytes = 2048
	file, err := os.Open(path)
	if err != nil {
		return err.Error()
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.Size() > maxBytes {
		_, _ = file.Seek(-maxBytes, io.SeekEnd)
	}
	content, err := io.ReadAll(file)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(content))
}
