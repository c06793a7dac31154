//go:build patroni

package main

import (
	"syscall"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
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
		for _, child := range pgtest.Children(postmaster) {
			_ = syscall.Kill(child, syscall.SIGKILL)
		}
		_ = syscall.Kill(postmaster, syscall.SIGKILL)
	}
	_ = n.command.Wait() // the error: it was killed
	n.command = nil
}

// postmaster is the first process of PostgreSQL; 0 if it does not run.
func (n *patroniNode) postmaster() int { return pgtest.Postmaster(n.data) }
