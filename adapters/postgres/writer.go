package postgres

import (
	"bytes"
	"context"
	"slices"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/ports"
)

// writer sends commands that each change one row. Commands that arrive together
// share a statement, which leaves out each command that would have to wait or that
// fails: the row is locked, taken, missing or at another version. Such a command is
// sent again alone. Then it waits, or gets its error. So no command delays others
// of its batch. A command that arrives alone is a batch of one. Of commands that change
// one row, each has a statement of its own in the transaction of the batch.
type writer[Q command, R any] struct {
	batcher database.Batcher[[16]byte, Q, R]
	alone   func(context.Context, *ports.Idempotency, Q) (R, error)
}

// command is a change of one row.
type command interface {
	// key is the row's id. Commands with one key run in the order of arrival.
	key() [16]byte
	// size is about how many bytes are sent.
	size() int
	// mustBeAlone is whether no other command may share its statement.
	mustBeAlone() bool
}

// statements carry out commands.
type statements[Q command, R any] struct {
	// many adds a statement for commands with different keys, sorted by key, to a batch.
	// After the batch, what it returns gives the rows by key; commands that have none
	// were left out.
	many func(*sqlcheck.Batch, []Q) func() map[[16]byte]R
	// one is for a command in no batch. await, unless nil, waits until its row is free.
	one   func(context.Context, sqlcheck.DB, Q) (R, error)
	await func(row [16]byte) database.Await
	// alone, unless nil, is for a command in no batch that needs more than one.
	alone func(context.Context, *database.Pool, *ports.Idempotency, Q) (R, error)
}

func newWriter[Q command, R any](pool *database.Pool, limits database.Limits, s statements[Q, R]) writer[Q, R] {
	alone := s.alone
	if alone == nil {
		alone = func(ctx context.Context, pool *database.Pool, key *ports.Idempotency, q Q) (R, error) {
			var await []database.Await
			if s.await != nil {
				await = append(await, s.await(q.key()))
			}
			return once(ctx, pool, key, func(db sqlcheck.DB) (R, error) { return s.one(ctx, db, q) }, await...)
		}
	}
	return writer[Q, R]{
		batcher: database.Writes(pool, limits, batch.Work[[16]byte, Q, R]{
			Key: Q.key, Size: Q.size, Bisect: database.OfOneRequest,
			Run: func(ctx context.Context, commands []Q, results []batch.Result[R]) error {
				return s.run(ctx, pool, commands, results)
			},
			Alone: func(ctx context.Context, q Q) (R, error) { return alone(ctx, pool, nil, q) },
		}),
		alone: func(ctx context.Context, key *ports.Idempotency, q Q) (R, error) { return alone(ctx, pool, key, q) },
	}
}

// do carries out a command. With an idempotency key it is alone, since the key is
// stored in the same transaction.
func (w writer[Q, R]) do(ctx context.Context, key *ports.Idempotency, q Q) (R, error) {
	if key == nil && !q.mustBeAlone() {
		return w.batcher.Do(ctx, q)
	}
	return w.alone(ctx, key, q)
}

// run carries out a batch: a statement for the first command of each key, one for the
// second commands, and so on. They are one transaction, sent together.
func (s statements[Q, R]) run(ctx context.Context, pool *database.Pool, commands []Q, results []batch.Result[R]) error {
	turn, turns := inTurns(commands)
	written, err := database.Write(ctx, pool, func(db sqlcheck.DB) ([]func() map[[16]byte]R, error) {
		var sent sqlcheck.Batch
		written := make([]func() map[[16]byte]R, len(turns))
		for i, each := range turns {
			written[i] = s.many(&sent, each)
		}
		return written, sent.Send(ctx, db)
	})
	if err != nil {
		return err
	}
	found := make([]map[[16]byte]R, len(written))
	for i, get := range written {
		found[i] = get()
	}
	for i, q := range commands {
		row, done := found[turn[i]][q.key()]
		results[i].Value, results[i].LeftOut = row, !done
	}
	return nil
}

// inTurns gives each command its turn: the number of those before it that have its key.
// The commands of a turn are sorted by key, so that all batches take locks in one order.
func inTurns[Q command](commands []Q) (turn []int, turns [][]Q) {
	turn = make([]int, len(commands))
	before := make(map[[16]byte]int, len(commands))
	for i, q := range commands {
		key := q.key()
		turn[i] = before[key]
		before[key]++
		if turn[i] == len(turns) {
			turns = append(turns, nil)
		}
		turns[turn[i]] = append(turns[turn[i]], q)
	}
	for _, each := range turns {
		slices.SortFunc(each, func(a, b Q) int {
			of, than := a.key(), b.key()
			return bytes.Compare(of[:], than[:])
		})
	}
	return turn, turns
}

// rowsByUser gives the users that a statement for many has written.
func rowsByUser(written *sqlcheck.Result[rows.User]) func() map[[16]byte]rows.User {
	return func() map[[16]byte]rows.User {
		users := make(map[[16]byte]rows.User, len(written.Rows))
		for _, row := range written.Rows {
			users[row.ID] = row
		}
		return users
	}
}
