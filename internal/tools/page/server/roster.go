package server

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

// Reporter is told of failures. A *testing.T is one.
type Reporter interface {
	Helper()
	// Fatalf does not return.
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Roster is a running Roster.
type Roster struct {
	Reporter
	// URL is its address, without a path.
	URL     string
	command *exec.Cmd
	ended   chan struct{}
	program string
	args    []string
	environ []string
}

// Start runs a command of Roster that serves, such as "serve" or "demo", until the end of
// the test. The settings are NAME=value; none is taken from the environment.
func Start(r Reporter, program string, settings []string, args ...string) *Roster {
	r.Helper()
	s := &Roster{Reporter: r, program: program, args: args}
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		foreign := name == "DATABASE_URL" || name == "PORT" || strings.HasPrefix(name, "ROSTER_")
		if !foreign || name == "ROSTER_PG_REPOSITORY" {
			s.environ = append(s.environ, entry)
		}
	}
	s.environ = append(s.environ, "PORT=0", "ROSTER_LOG_FORMAT=json", "ROSTER_LOG=info", "ROSTER_DRAIN_DELAY=0s", "ROSTER_LINGER=0s")
	s.environ = append(s.environ, settings...)
	s.start()
	r.Cleanup(s.Stop)
	return s
}

func (s *Roster) start() {
	s.Helper()
	s.command = exec.Command(s.program, s.args...)
	s.command.Env = s.environ
	log, err := s.command.StderrPipe()
	if err == nil {
		err = s.command.Start()
	}
	if err != nil {
		s.Fatalf("starting %s: %v", s.program, err)
	}
	lines, text := bufio.NewReader(log), ""
	for s.URL = ""; s.URL == ""; {
		line, err := lines.ReadString('\n')
		text += line
		if err != nil {
			s.Fatalf("%s %v does not serve: %v\n%s", s.program, s.args, err, text)
		}
		var record struct{ Msg, URL string }
		if json.Unmarshal([]byte(line), &record) == nil && record.Msg == "Roster serves" {
			s.URL = record.URL
		}
	}
	s.ended = make(chan struct{})
	go func(command *exec.Cmd, ended chan struct{}) {
		defer close(ended)
		_, _ = io.Copy(io.Discard, lines) // so that it can write on
		_ = command.Wait()                // its exit code is not what the tests are about
	}(s.command, s.ended)
}

// Stop ends Roster.
func (s *Roster) Stop() {
	_ = s.command.Process.Signal(syscall.SIGTERM) // an error: it has ended
	<-s.ended
}

// StartAgain starts a stopped Roster at the same address.
func (s *Roster) StartAgain() {
	s.Helper()
	s.environ = append(s.environ, "ROSTER_ADDR="+strings.TrimPrefix(s.URL, "http://"))
	s.start()
}

// Root returns the folder of the repository.
func Root() (string, error) { return root() }

// root asks the go command once: many tests want to know.
var root = sync.OnceValues(func() (string, error) {
	module, err := exec.Command("go", "env", "GOMOD").Output()
	return filepath.Join(filepath.Dir(strings.TrimSpace(string(module))), "../../.."), err
})
