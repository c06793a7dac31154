package pgtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Kill ends the first process of the server, the postmaster, with SIGKILL. The others end
// when they notice. Start starts the server again.
func (s *Server) Kill() {
	s.t.Helper()
	running := s.running
	s.running = nil
	s.signal(syscall.SIGKILL, s.postmaster())
	<-running.Done()
	_ = running.Stop(context.Background()) // the error: it had ended
}

// Quit ends the server at once, so that it recovers at the next Start.
func (s *Server) Quit() {
	s.t.Helper()
	running := s.running
	s.running = nil
	now, cancel := context.WithCancel(context.Background())
	cancel()
	_ = running.Stop(now) // the error: it was made to quit
}

// Lost takes note that the server has ended by itself, so that Start starts it again.
func (s *Server) Lost() {
	s.t.Helper()
	<-s.running.Done()
	_ = s.running.Stop(context.Background()) // the error: it had ended
	s.running = nil
}

// Freeze stops all processes of the server with SIGSTOP, until Thaw. Their connections
// stay open and do not answer.
func (s *Server) Freeze() {
	s.t.Helper()
	first := s.postmaster()
	s.signal(syscall.SIGSTOP, first) // first, so that it makes no others
	for _, child := range Children(first) {
		s.signal(syscall.SIGSTOP, child)
	}
}

// Thaw lets the processes of the server go on.
func (s *Server) Thaw() {
	s.t.Helper()
	first := s.postmaster()
	for _, child := range append(Children(first), first) {
		s.signal(syscall.SIGCONT, child)
	}
}

func (s *Server) signal(signal syscall.Signal, process int) {
	s.t.Helper()
	if err := syscall.Kill(process, signal); err != nil && err != syscall.ESRCH {
		s.t.Fatalf("sending %s to process %d of PostgreSQL: %v", signal, process, err)
	}
}

// postmaster is the first process of the server.
func (s *Server) postmaster() int {
	s.t.Helper()
	pid := Postmaster(filepath.Join(s.options.DataDir, "cluster"))
	if pid <= 1 {
		s.t.Fatal("the test's own PostgreSQL does not run")
	}
	return pid
}

// Postmaster is the first process of the server on a cluster; 0 if none runs.
func Postmaster(cluster string) int {
	content, err := os.ReadFile(filepath.Join(cluster, "postmaster.pid"))
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(content), "\n")
	pid, _ := strconv.Atoi(strings.TrimSpace(line)) // 0 if it is not written yet
	return pid
}

// Children are the processes that a process has started, by the files of Linux.
func Children(of int) (pids []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // fails only for a malformed pattern
	for _, path := range stats {
		content, err := os.ReadFile(path)
		if err != nil { // it has ended
			continue
		}
		var pid, parent int
		var state string
		_, after, _ := strings.Cut(string(content), ") ")
		if _, err := fmt.Sscan(filepath.Base(filepath.Dir(path)), &pid); err != nil {
			continue
		}
		if _, err := fmt.Sscan(after, &state, &parent); err == nil && parent == of {
			pids = append(pids, pid)
		}
	}
	return pids
}
