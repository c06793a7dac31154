package postgres

import "time"

// ManyForOne makes a single write use the statement for many.
func ManyForOne(d *Database) { d.pool.ManyForOne = true }

// WaitingDeletions returns the number of deletions that are in no batch yet.
func WaitingDeletions(u *Users) int { return u.deletes.batcher.Waiting() }

// DropAttempts sets how often Drop is tried.
func DropAttempts(p *Partitions, n int) { p.maxDropAttempts = n }

// CountTime sets how long counting may take before an estimate replaces it.
func CountTime(u *Users, limit time.Duration) { u.countTime = limit }
