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

// acquire makes the folder and takes its lock. If a killed process left programs
// that hold the lock, it waits for them until the timeout. If a running process
// holds it, the error names that process.
func acquire(ctx context.Context, dataDir string, timeout time.Duration) (*lock, error) {
	// The server's user may enter the folder, but not list it.
	if err := os.MkdirAll(dataDir, 0o711); err != nil {
		return nil, err
	}
	path := filepath.Join(dataDir, "roster.lock")
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := waitForLock(ctx, file, timeout); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if err := writeOwner(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &lock{file}, nil
}

func waitForLock(ctx context.Context, file *os.File, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil || !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		holder := readPid(file.Name())
		if isAlive(holder) {
			return fmt.Errorf("%w by process %d: stop it, or choose another folder (ROSTER_DATA)", ErrInUse, holder)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w by %s that a killed process left: %w", ErrInUse, leftover(file.Name()), ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
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

func writeOwner(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
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
