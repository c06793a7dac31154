package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// erasing does erasures in parts. Triggers add an erasure with the transaction that
// deletes the row of the user or organization (migrations/00114_erasures.sql).
type erasing struct {
	pool *database.Pool
	// A part changes at most maxRows rows in at most maxPartitions partitions. The
	// partitions bound its locks: 40 parts at once fit into a server's default.
	maxRows       int64
	maxPartitions int64
	// maxAtOnce is how many rows a request changes before it leaves the remaining
	// ones to Erasures.
	maxAtOnce int64
}

func newErasing(pool *database.Pool) erasing {
	return erasing{pool: pool, maxRows: 1000, maxPartitions: 8, maxAtOnce: 10_000}
}

// begin does the first parts of an erasure whose mark is committed. Their failure is
// none of the request: Erasures repeats them.
func (e erasing) begin(ctx context.Context, kind erasedKind, id [16]byte) (ports.Erasure, error) {
	stored, err := database.Read(ctx, e.pool, func(db sqlcheck.DB) (erasureRow, error) {
		return erasureOf.One(ctx, db, erasureSubject{string(kind), id})
	})
	if err != nil {
		return ports.Erasure{}, err
	}
	for changed := int64(0); changed < e.maxAtOnce; {
		part, err := e.part(ctx, erasePart{Erasure: &stored.ID, MaxRows: e.maxRows, MaxPartitions: e.maxPartitions})
		if err != nil || part.finished() {
			break
		}
		changed += *part.Changed
	}
	return e.state(ctx, kind, id)
}

func (e erasing) part(ctx context.Context, p erasePart) (erasedPartRow, error) {
	return database.Write(ctx, e.pool, func(db sqlcheck.DB) (erasedPartRow, error) { return erasedPart.One(ctx, db, p) })
}

// state reads the last erasure of a user or organization.
func (e erasing) state(ctx context.Context, kind erasedKind, id [16]byte) (ports.Erasure, error) {
	return database.One(ctx, e.pool, erasureOf, erasureSubject{string(kind), id}, erasureRow.erasure, kind.absent(), domain.UserID(id))
}

// UserErasure implements ports.UserReader.
func (r userReads) UserErasure(ctx context.Context, id domain.UserID) (ports.Erasure, error) {
	return r.erasing.state(ctx, erasedUser, id)
}

// Erasures does the parts of erasures that requests have left, those of requests
// that crashed too. Several programs may do so on one database.
type Erasures struct {
	erasing erasing
	// idle is the pause after which it looks for erasures again.
	idle time.Duration
}

// NewErasures returns the erasures of d.
func NewErasures(d *Database) *Erasures {
	return &Erasures{erasing: newErasing(d.pool), idle: 5 * time.Second}
}

// Part does one part of any erasure that no other program works on. It reports
// whether it found one.
func (e *Erasures) Part(ctx context.Context) (bool, error) {
	part, err := e.erasing.part(ctx, erasePart{MaxRows: e.erasing.maxRows, MaxPartitions: e.erasing.maxPartitions})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return err == nil && part.ID != nil, err
}

// Run does parts until ctx ends. It calls failed with each error, and tries again
// later.
func (e *Erasures) Run(ctx context.Context, failed func(error)) {
	pace{idle: e.idle}.repeat(ctx, e.Part, failed)
}
