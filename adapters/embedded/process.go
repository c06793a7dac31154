package embedded

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"

	"github.com/roster-directory/roster/adapters/embedded/lastwill"
)

// process is a server that runs. A goroutine waits for its end; whoever signals
// it to end waits for done.
type process struct {
	command *exec.Cmd
	log     string
	done    chan struct{}
}

// stopServer is what happens when this process ends without stopping the server:
// a fast shutdown. The shell is there before the server is, and is told its
// process id.
const stopServer = `read -r server || exit 0; read -r _; kill -INT "$server" 2>/dev/null`

// launch starts the command with its output in the file log. The output of the
// run before is kept beside it.
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
	will, err := lastwill.Write(stopServer)
	if err != nil {
		return nil, fmt.Errorf("starting the shell that stops the server after a crash: %w", err)
	}
	if err := command.Start(); err != nil {
		will.Revoke()
		return nil, err
	}
	p := &process{command: command, log: log, done: make(chan struct{})}
	told := will.Tell(strconv.Itoa(command.Process.Pid)) // before the server's end revokes the will
	go p.supervise(will)
	if told != nil {
		p.quit()
		return nil, fmt.Errorf("telling the shell that stops the server after a crash its process: %w", told)
	}
	return p, nil
}

func (p *process) supervise(will *lastwill.Will) {
	_ = p.command.Wait() // the command keeps its exit
	will.Revoke()        // the process id may be another's by now
	close(p.done)
}

// signal sends a signal; a server that has ended needs none.
func (p *process) signal(signal syscall.Signal) { _ = p.command.Process.Signal(signal) }

// quit ends a server at once and waits for it.
func (p *process) quit() {
	p.signal(syscall.SIGQUIT)
	<-p.done
}

// failure describes a server that has ended: its exit and its last words.
func (p *process) failure() error {
	return fmt.Errorf("the server ended (%v); the end of %s:\n%s", p.command.ProcessState, p.log, tail(p.log))
}

// tail returns the last lines of a file, for an error message.
func tail(path string) string {
	const most = 2048 // bytes
	file, err := os.Open(path)
	if err != nil {
		return err.Error()
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.Size() > most {
		_, _ = file.Seek(-most, io.SeekEnd)
	}
	content, err := io.ReadAll(file)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(content))
}
