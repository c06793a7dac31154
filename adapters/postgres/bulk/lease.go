package bulk

import (
	"context"
	"errors"
	"fmt"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

const (
	// leaseTime is how long a lease lasts that is not renewed, and so how long the
	// next import waits after an import was killed.
	leaseTime = 15 * time.Second
	// leaseInterval is how often a waiting import asks for the lease.
	leaseInterval = 200 * time.Millisecond
	// endTimeout is how long the end of an import may take after its last statement.
	endTimeout = 10 * time.Second
)

type takeLease struct{ Time time.Duration }

type leaseRow struct {
	// Owner is the new owner; nil where another import has the lease.
	Owner *[16]byte `db:"owner"`
	// Expires is when the lease of the other import ends unless it is renewed.
	Expires *time.Time `db:"expires_at"`
	// Left is how many milliseconds are left until then.
	Left int64 `db:"left"`
}

type ofLease struct{ Owner [16]byte }

type renewLease struct {
	Owner [16]byte
	Time  time.Duration
}

type heldRow struct {
	Owner [16]byte `db:"owner"`
}

var (
	// A lease that has expired is taken only if no transaction of its owner has
	// locked it (FOR KEY SHARE). The new owner waits for such a transaction, by
	// asking again.
	leaseTake = sqlcheck.New(sqlcheck.Def[takeLease, leaseRow]{
		Name: "bulk.lease.take",
		Build: func(p takeLease) sq.Sqlizer {
			return sq.Expr(`WITH expired AS (
				SELECT l.singleton FROM roster.import_lease l WHERE l.expires_at <= clock_timestamp() FOR UPDATE SKIP LOCKED
			), taken AS (
				UPDATE roster.import_lease l SET owner = gen_random_uuid(), expires_at = clock_timestamp() + ?::interval
				FROM expired e WHERE l.singleton = e.singleton RETURNING l.owner
			), first AS (
				INSERT INTO roster.import_lease (owner, expires_at) SELECT gen_random_uuid(), clock_timestamp() + ?::interval
				WHERE NOT EXISTS (SELECT FROM roster.import_lease) ON CONFLICT DO NOTHING RETURNING owner
			)
			SELECT coalesce((SELECT t.owner FROM taken t), (SELECT f.owner FROM first f)) AS owner,
				(SELECT l.expires_at FROM roster.import_lease l) AS expires_at,
				coalesce((SELECT extract(epoch FROM l.expires_at - clock_timestamp()) * 1000 FROM roster.import_lease l), 0)::bigint AS left`,
				p.Time, p.Time)
		},
	})
	leaseRenew = sqlcheck.New(sqlcheck.Def[renewLease, sqlcheck.None]{
		Name: "bulk.lease.renew",
		Build: func(p renewLease) sq.Sqlizer {
			return sq.Expr("UPDATE roster.import_lease SET expires_at = clock_timestamp() + ?::interval WHERE owner = ?", p.Time, any(p.Owner))
		},
	})
	// The lock lets the owner renew its lease, and keeps others from taking it until
	// the end of the transaction.
	leaseHold = sqlcheck.New(sqlcheck.Def[ofLease, heldRow]{
		Name: "bulk.lease.hold",
		Build: func(p ofLease) sq.Sqlizer {
			return sq.Select("l.owner").From("roster.import_lease l").Where("l.owner = ?", any(p.Owner)).Suffix("FOR KEY SHARE")
		},
	})
	leaseEnd = sqlcheck.New(sqlcheck.Def[ofLease, sqlcheck.None]{
		Name: "bulk.lease.end",
		Build: func(p ofLease) sq.Sqlizer {
			return sq.Expr("UPDATE roster.import_lease SET expires_at = clock_timestamp() WHERE owner = ?", any(p.Owner))
		},
	})
)

// errLost says that another import took the lease.
var errLost error = &domain.Error{
	Kind: domain.Conflict, Reason: domain.ReasonInUse,
	Detail: "another import runs on this database: this one was stopped for too long, or cut off from the database, and lost its lease",
	Fix:    "wait for the other's end and import again; what is stored stays as it is",
}

// lease is the right of one import to store records.
type lease struct {
	db    sqlcheck.Session
	owner [16]byte
	time  time.Duration
}

// take waits for the lease. It gives up once the lease of another import was
// renewed, which only an import does that runs, and when how.Wait has passed.
func (b *Store) take(ctx context.Context, how ports.BulkImport) (*lease, error) {
	timeout := time.NewTimer(how.Wait)
	defer timeout.Stop()
	tick := time.NewTicker(leaseInterval)
	defer tick.Stop()
	var first *time.Time
	for {
		row, err := leaseTake.One(ctx, b.pool.Session(), takeLease{b.leaseTime})
		if err != nil {
			return nil, err
		}
		if row.Owner != nil {
			return &lease{b.pool.Session(), *row.Owner, b.leaseTime}, nil
		}
		left := max(time.Duration(row.Left)*time.Millisecond, 0)
		switch {
		case first == nil:
			first = row.Expires
			if how.Waiting != nil && how.Wait > 0 {
				how.Waiting(left)
			}
		case row.Expires != nil && !row.Expires.Equal(*first):
			return nil, importing(left)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-timeout.C:
			return nil, importing(left)
		case <-tick.C:
		}
	}
}

func importing(left time.Duration) error {
	return &domain.Error{
		Kind: domain.Conflict, Reason: domain.ReasonInUse, Detail: "another import is running on this database",
		Fix: fmt.Sprintf("wait for its end and import again; if it was killed, its lease ends in %s", left.Round(time.Second)),
	}
}

// keep renews the lease until stop is called. If the lease is lost, the context
// ends with errLost.
func (l *lease) keep(ctx context.Context) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(l.time / 3)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			// An error is not the end: the database may answer again in time.
			if n, err := leaseRenew.Exec(ctx, l.db, renewLease{l.owner, l.time}); err == nil && n == 0 {
				cancel(errLost)
			}
		}
	}()
	return ctx, func() {
		cancel(nil)
		<-done
	}
}

// hold locks the lease until the end of the transaction. The error is errLost if it
// is another import's.
func (l *lease) hold(ctx context.Context, tx sqlcheck.Tx) error {
	rows, err := leaseHold.All(ctx, tx, ofLease{l.owner})
	if err == nil && len(rows) == 0 {
		err = errLost
	}
	return err
}

// end empties the staging tables and gives the lease back, also if ctx has ended.
func (l *lease) end(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	err := l.clear(ctx, allKinds)
	if errors.Is(err, errLost) {
		return nil
	}
	_, endErr := leaseEnd.Exec(ctx, l.db, ofLease{l.owner})
	return errors.Join(err, endErr)
}

// clear empties the staging tables of some kinds.
func (l *lease) clear(ctx context.Context, kinds []string) error {
	options := sqlcheck.TxOptions{Retries: database.MaxAttempts - 1}
	return sqlcheck.InTx(ctx, l.db, options, func(ctx context.Context, tx sqlcheck.Tx) error {
		if err := l.hold(ctx, tx); err != nil {
			return err
		}
		_, err := clearStaging.One(ctx, tx, stagedKinds{kinds})
		return err
	})
}
