package embedded

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// joined joins the server of the folder, which must be shared or become so.
func joined(t *testing.T, o Options) *Guest {
	t.Helper()
	server, guest, err := StartOrJoin(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if guest == nil {
		stop(t, server)
		t.Fatal("it started a server of its own")
	}
	t.Cleanup(guest.Leave)
	return guest
}

func TestASharedServerIsJoinedByItsSocket(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	o.Listen = "127.0.0.1:0"
	server := started(t, o)
	if err := server.Share(false); err != nil {
		t.Fatal(err)
	}
	o.RuntimeDir += "-elsewhere" // the environment of the guest differs
	guest := joined(t, o)
	if guest.Host() != os.Getpid() || !guest.Answers(t.Context()) {
		t.Errorf("the host is %d", guest.Host())
	}
	if got := value(t, connected(t, guest.URL("postgres")), "SELECT coalesce(host(inet_server_addr()), 'socket')"); got != "socket" {
		t.Errorf("connected by %s", got)
	}
	for _, name := range []string{lockName, guestsName, "password"} {
		info, err := os.Stat(filepath.Join(o.DataDir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if err := refused(t, o); !errors.Is(err, ErrInUse) {
		t.Error(err)
	}
}

func TestAServerThatIsNotSharedIsWaitedFor(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	server := started(t, o)
	short := o
	short.lockTimeout = time.Nanosecond
	_, _, err := StartOrJoin(t.Context(), short)
	if !errors.Is(err, ErrInUse) {
		t.Fatal(err)
	}
	contains(t, err.Error(), "process "+strconv.Itoa(os.Getpid()), "wait for its end", "ROSTER_DATA")

	result := make(chan *Guest)
	go func() {
		_, guest, err := StartOrJoin(context.WithoutCancel(t.Context()), o)
		if err != nil {
			t.Error(err)
		}
		result <- guest
	}()
	if err := server.Share(false); err != nil {
		t.Fatal(err)
	}
	if guest := <-result; guest != nil {
		guest.Leave()
	} else {
		t.Error("it did not join")
	}
}

func TestAServerForLongWaitsForABriefOne(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	brief := started(t, o)
	if err := brief.Share(true); err != nil {
		t.Fatal(err)
	}
	result := make(chan error)
	go func() {
		server, err := StartWhenFree(context.WithoutCancel(t.Context()), o)
		if err == nil {
			err = server.Share(false)
			t.Cleanup(func() { stop(t, server) })
		}
		result <- err
	}()
	stop(t, brief)
	if err := <-result; err != nil {
		t.Fatal(err)
	}
	if _, err := StartWhenFree(t.Context(), o); !errors.Is(err, ErrInUse) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("another one for long: %v", err)
	}
}

func TestWithoutARunningServerOneIsStarted(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	for range 2 {
		server, guest, err := StartOrJoin(t.Context(), o)
		if err != nil || guest != nil {
			t.Fatal(guest, err)
		}
		if err := server.Share(false); err != nil {
			t.Fatal(err)
		}
		stop(t, server)
	}
}

func TestAServerWaitsForItsGuests(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	server := started(t, o)
	if err := server.AwaitGuests(t.Context()); err != nil { // none can have joined
		t.Fatal(err)
	}
	if err := server.Share(false); err != nil {
		t.Fatal(err)
	}
	guest := joined(t, o)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := server.AwaitGuests(over); !errors.Is(err, context.Canceled) {
		t.Errorf("it did not wait: %v", err)
	}
	short := o
	short.lockTimeout = time.Nanosecond
	if _, _, err := StartOrJoin(t.Context(), short); !errors.Is(err, ErrInUse) {
		t.Errorf("another one joined: %v", err)
	}
	guest.Leave()
	if err := server.AwaitGuests(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAGuestNoticesTheEndOfTheServer(t *testing.T) {
	t.Parallel()
	o := in(folder(t))
	server := started(t, o)
	if err := server.Share(false); err != nil {
		t.Fatal(err)
	}
	guest := joined(t, o)
	stop(t, server)
	if guest.Answers(t.Context()) {
		t.Error("it answers")
	}
	next := started(t, o) // a guest does not hold the folder
	if err := next.Share(false); err != nil {
		t.Fatal(err)
	}
	if err := next.AwaitGuests(t.Context()); err != nil { // the guest is not this server's
		t.Error(err)
	}
}

func TestTheSharedServerOfAKilledProcessIsNotJoined(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	o := in(dir)
	process, lines := otherProcess(t, dir, shareVariable+"=yes")
	awaitStarted(t, lines)
	joined(t, o)
	pid := readPid(filepath.Join(o.DataDir, "cluster", "postmaster.pid"))
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	kill(process) // and its server does not stop
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := StartOrJoin(ctx, o)
	if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(err, ErrInUse) {
		t.Fatal(err)
	}
	contains(t, err.Error(), "kill -INT "+strconv.Itoa(pid))
	server, guest, err := StartOrJoin(t.Context(), o)
	if err != nil || guest != nil {
		t.Fatal(guest, err)
	}
	stop(t, server)
}
