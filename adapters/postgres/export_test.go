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

// Parts bounds the parts of erasures: rows and partitions of each, and the rows after
// which a request leaves the remaining ones.
type Parts struct {
	Rows       int64
	Partitions int64
	AtOnce     int64
}

func (p Parts) of(e *erasing) {
	e.maxRows, e.maxPartitions, e.maxAtOnce = p.Rows, p.Partitions, p.AtOnce
}

// ErasureParts sets the parts of what u erases.
func ErasureParts(u *Users, p Parts) { p.of(&u.reads.erasing) }

// DeletionParts sets the parts of what o deletes.
func DeletionParts(o *Organizations, p Parts) { p.of(&o.erasing) }

// BackgroundParts sets the parts of what e does.
func BackgroundParts(e *Erasures, p Parts) { p.of(&e.erasing) }
