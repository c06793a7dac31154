//go:build patroni

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// kill ends a node as the loss of its machine does: Patroni and all processes of
// PostgreSQL with SIGKILL. The first process of PostgreSQL alone would not do: backends that
// wait for the standby notice its death, give the wait up, and let others read what they
// have committed, for a moment.
func (c *patroniCluster) kill(n *patroniNode) {
	if n.command == nil {
		return
	}
	_ = n.command.Process.Kill() // it may have ended
	if postmaster := n.postmaster(); postmaster > 1 {
		_ = syscall.Kill(postmaster, syscall.SIGSTOP) // so that it neither reacts nor makes more
		for _, child := range children(postmaster) {
			_ = syscall.Kill(child, syscall.SIGKILL)
		}
		_ = syscall.Kill(postmaster, syscall.SIGKILL)
	}
	_ = n.command.Wait() // the error: it was killed
	n.command = nil
}

// postmaster is the first process of PostgreSQL; 0 if it does not run.
func (n *patroniNode) postmaster() int {
	content, err := os.ReadFile(filepath.Join(n.data, "postmaster.pid"))
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(content), "\n")
	pid, _ := strconv.Atoi(strings.TrimSpace(line)) // 0 if it is not written yet
	return pid
}

// children are the processes that a process has started, by the files of Linux.
func children(of int) (pids []int) {
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
