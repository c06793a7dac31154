package postgres

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// Share is how many requests of a class the database takes at a time.
func Share(d *Database, class database.Class) int { return d.pool.Share(class) }

// Queued is how many requests wait for their share of a class.
func Queued(d *Database, class database.Class) int { return d.pool.Queued(class) }

// InUse is how many connections a class uses.
func InUse(d *Database, class database.Class) int { return d.pool.InUse(class) }

// Hold uses the whole share of a class, as slow requests would. The function that it
// returns ends that; so does the end of the test.
func Hold(t testing.TB, d *Database, class database.Class) (release func()) {
	t.Helper()
	released := make(chan struct{})
	release = sync.OnceFunc(func() { close(released) })
	var held, ended sync.WaitGroup
	for range d.pool.Share(class) {
		held.Add(1)
		ended.Go(func() {
			err := sqlcheck.Hold(t.Context(), d.pool.For(class).Session(), func(context.Context, sqlcheck.Session) error {
				held.Done()
				<-released
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	held.Wait()
	t.Cleanup(func() {
		release()
		ended.Wait()
	})
	return release
}

// WaitingWrites returns the number of writes that are in no batch yet.
func WaitingWrites(u *Users) int {
	return u.inserts.batcher.Waiting() + u.updates.batcher.Waiting() + u.patches.batcher.Waiting() + u.deletes.batcher.Waiting()
}

// WaitingEvents returns the number of requests with events that are in no batch yet.
func WaitingEvents(e *Events) int { return e.batcher.Waiting() }

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

// RetentionAt sets the time of r, and how many users a part erases.
func RetentionAt(r *Retention, now time.Time, maxUsers int32) {
	r.now, r.maxUsers = func() time.Time { return now }, maxUsers
}

// DeletedTogether deletes users by the statement of a batch, and returns how many it
// has not left out.
func DeletedTogether(t testing.TB, d *Database, users [][16]byte) int {
	t.Helper()
	all := deleteUsers{ID: users, Expected: make([]int64, len(users)), At: make([]time.Time, len(users))}
	for i := range all.At {
		all.At[i] = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	deleted, err := database.Write(t.Context(), d.pool, func(db sqlcheck.DB) ([]deletedRow, error) {
		return usersDelete.All(t.Context(), db, all)
	})
	if err != nil {
		t.Fatal(err)
	}
	return len(deleted)
}
