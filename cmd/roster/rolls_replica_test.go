package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// replica is a roster serve in a process of its own, as systemd starts and stops it.
type replica struct {
	t       *testing.T
	command *exec.Cmd
	ended   chan struct{}
	log     *transcript
	notices chan string // the states that it has told systemd
}

// startReplica starts a replica and waits until it says that it is ready. A socket is
// passed to it unless it is nil.
func startReplica(t *testing.T, socket *os.File, environ ...string) *replica {
	t.Helper()
	notices := listenForNotices(t)
	// Only the new process knows its id.
	command := exec.Command("sh", "-c", "LISTEN_PID=$$ exec roster serve")
	r := &replica{t: t, command: command, ended: make(chan struct{}), log: newTranscript(), notices: make(chan string, 10)}
	command.Env = append(os.Environ(), noLimits()...)
	command.Env = append(command.Env, "ROSTER_LOG_FORMAT=json", "NOTIFY_SOCKET="+notices.LocalAddr().String())
	if socket != nil {
		command.ExtraFiles = []*os.File{socket}
		command.Env = append(command.Env, "LISTEN_FDS=1")
	} else {
		command.Args[2] = "exec roster serve"
	}
	command.Env = append(command.Env, environ...)
	command.Stderr = r.log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(r.ended)
		_ = command.Wait() // an error: its state says it
		_ = notices.SetReadDeadline(longAgo)
	}()
	go r.readNotices(notices)
	t.Cleanup(func() {
		_ = command.Process.Kill() // it may have ended
		<-r.ended
	})
	if got := r.notice(); got != "READY=1" {
		t.Fatalf("the replica says %q; its log:\n%s", got, r.log)
	}
	return r
}

func (r *replica) readNotices(from *net.UnixConn) {
	defer close(r.notices)
	buffer := make([]byte, 100)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		r.notices <- string(buffer[:n])
	}
}

// notice returns the next state that the replica tells systemd; nothing if it has ended.
func (r *replica) notice() string { return <-r.notices }

// listenForNotices is the socket on which systemd hears of the states of a service.
func listenForNotices(t *testing.T) *net.UnixConn {
	t.Helper()
	// The name of a socket is short, so that t.TempDir does not do.
	folder, err := os.MkdirTemp("", "notices")
	if err != nil {
		t.Fatal(err)
	}
	notices, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(folder, "socket"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = notices.Close()
		_ = os.RemoveAll(folder)
	})
	return notices
}

// stop sends SIGTERM and waits for the end, as systemctl stop does.
func (r *replica) stop() {
	r.t.Helper()
	_ = r.command.Process.Signal(syscall.SIGTERM) // an error: it has ended
	<-r.ended
	if code := r.command.ProcessState.ExitCode(); code != exitDone {
		r.t.Errorf("the replica ends with %d; its log:\n%s", code, r.log)
	}
}

// sharedSocket listens and never accepts: it is the socket that systemd passes.
type sharedSocket struct {
	address string
	file    *os.File
}

func newSharedSocket(t *testing.T) *sharedSocket {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	raw, err := listener.(*net.TCPListener).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	// Not File of the listener: os/exec makes what it returns blocking, and with it the
	// socket of the replica that runs. NonBlocking=yes in roster@.service is for the same.
	fd := -1
	if err := raw.Control(func(each uintptr) { fd, err = syscall.Dup(int(each)) }); err != nil || fd < 0 {
		t.Fatal(err)
	}
	syscall.CloseOnExec(fd)
	file := os.NewFile(uintptr(fd), "socket")
	t.Cleanup(func() { _ = file.Close() })
	return &sharedSocket{listener.Addr().String(), file}
}

// freePorts returns ports that nobody listens on.
func freePorts(t *testing.T, n int) (ports []int) {
	t.Helper()
	for range n {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
		defer func() { _ = listener.Close() }()
	}
	return ports
}

// File lets the socket be passed as a listener is.
func (s *sharedSocket) File() (*os.File, error) {
	fd, err := syscall.Dup(int(s.file.Fd()))
	return os.NewFile(uintptr(fd), "socket"), err
}
