package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// lock marks a data folder as in use. PostgreSQL's programs inherit the open
// file. So the lock is held until the last of them has ended, even after the
// process that took it.
type lock struct{ file *os.File }

// lockName and guestsName are files in the data folder. A shared lock of the second is
// held by each process that uses the server of another one.
const (
	lockName   = "roster.lock"
	guestsName = "roster.guests"
)

// join returns the use of the server of the process that holds the lock. The error
// errNotShared says to wait for it, or for the lock.
type join func(context.Context) (*Guest, error)

// acquire makes the folder and takes its lock. If a killed process left programs
// that hold the lock, it waits for them until the timeout. If a running process
// holds it, acquire joins its server until the timeout; without join, the error names
// that process at once.
func acquire(ctx context.Context, dataDir string, timeout time.Duration, join join) (*lock, *Guest, error) {
	// The server's user may enter the folder, but not list it.
	if err := os.MkdirAll(dataDir, 0o711); err != nil {
		return nil, nil, err
	}
	file, err := os.OpenFile(filepath.Join(dataDir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, err
	}
	guest, err := waitForLock(ctx, file, timeout, join)
	if err != nil || guest != nil {
		return nil, guest, errors.Join(err, file.Close())
	}
	if err := writeOwner(file); err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return &lock{file}, nil, nil
}

func waitForLock(ctx context.Context, file *os.File, timeout time.Duration, join join) (*Guest, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil || !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, err
		}
		holder := readPid(file.Name())
		if isAlive(holder) {
			if join == nil {
				return nil, inUse(holder)
			}
			if guest, err := join(ctx); !errors.Is(err, errNotShared) {
				return guest, err
			}
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%w by %s: %w", ErrInUse, describeHolder(holder, file.Name()), ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// lockFile waits for the lock of a file.
func lockFile(ctx context.Context, file *os.File) error {
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil || !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// describeHolder says who holds the lock, and what to do, after a wait in vain.
func describeHolder(holder int, lockFile string) string {
	if isAlive(holder) {
		return fmt.Sprintf("process %d: wait for its end or stop it, or choose another folder (ROSTER_DATA)", holder)
	}
	return leftover(lockFile) + " that a killed process left"
}

// leftover describes the program that holds the lock after the process that took
// it has ended.
func leftover(lockFile string) string {
	pid := readPid(filepath.Join(filepath.Dir(lockFile), "cluster", "postmaster.pid"))
	if pid == 0 {
		return "a program"
	}
	return fmt.Sprintf("a server (stop it with kill -INT %d)", pid)
}

// ErrInUse is the cause of a Start that failed because the data folder is in
// use by another process.
var ErrInUse = errors.New("the folder is in use")

func inUse(holder int) error {
	return fmt.Errorf("%w by process %d: stop it, or choose another folder (ROSTER_DATA)", ErrInUse, holder)
}

func writeOwner(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := file.WriteAt([]byte(ownerLine()), 0)
	return err
}

// readPid reads the process id on a file's first line; 0 means none.
func readPid(path string) int {
	content, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return 0
	}
	return pid
}

func isAlive(pid int) bool {
	return pid > 0 && !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}

// release closes the file. The lock ends with the last program that inherited it,
// which may be one that this process has forked and that has not closed it yet.
// Without a process id in the file, the next start waits for that program.
func (l *lock) release() {
	_ = l.file.Truncate(0)
	_ = l.file.Close()
}
