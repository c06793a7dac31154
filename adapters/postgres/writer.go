package postgres

import (
	"bytes"
	"context"
	"slices"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// writer sends commands that each change one row. Commands that arrive together
// share a statement, which leaves out each command that would have to wait or that
// fails: the row is locked, taken, missing or at another version. Such a command is
// sent again alone. Then it waits, or gets its error. So no command delays others
// of its batch. A command that arrives alone is a batch of one. Of commands that change
// one row, each has a statement of its own in the transaction of the batch.
type writer[Q command, R any] struct {
	batcher database.Batcher[[16]byte, sent[Q], R]
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

// sent is a command with its origin, which a batch can't take from one context.
type sent[Q command] struct {
	command Q
	origin  ports.Origin
}

func (q sent[Q]) key() [16]byte { return q.command.key() }
func (q sent[Q]) size() int     { return q.command.size() }

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
		batcher: database.Writes(pool, limits, batch.Work[[16]byte, sent[Q], R]{
			Key: sent[Q].key, Size: sent[Q].size, Bisect: database.OfOneRequest,
			Run: func(ctx context.Context, commands []sent[Q], results []batch.Result[R]) error {
				return s.run(ctx, pool, commands, results)
			},
			Alone: func(ctx context.Context, q sent[Q]) (R, error) { return alone(ctx, pool, nil, q.command) },
		}),
		alone: func(ctx context.Context, key *ports.Idempotency, q Q) (R, error) { return alone(ctx, pool, key, q) },
	}
}

// do carries out a command. With an idempotency key it is alone, since the key is
// stored in the same transaction.
func (w writer[Q, R]) do(ctx context.Context, key *ports.Idempotency, q Q) (R, error) {
	if key == nil && !q.mustBeAlone() {
		return w.batcher.Do(ctx, sent[Q]{q, ports.OriginOf(ctx)})
	}
	return w.alone(ctx, key, q)
}

// turn is the commands of a batch that share a statement: each has another key.
type turn[Q command] struct {
	commands []Q // sorted by key, so that all batches take locks in one order
	origins  map[string]ports.Origin
}

// run carries out a batch: a statement for the first command of each key, one for the
// second commands, and so on. They are one transaction, sent together.
func (s statements[Q, R]) run(ctx context.Context, pool *database.Pool, commands []sent[Q], results []batch.Result[R]) error {
	turns, number := inTurns(commands)
	ctx = database.WithOrigins(ctx, turns[0].origins)
	written, err := database.Write(ctx, pool, func(db sqlcheck.DB) ([]func() map[[16]byte]R, error) {
		var together sqlcheck.Batch
		written := make([]func() map[[16]byte]R, len(turns))
		for i, each := range turns {
			if i > 0 {
				logOrigins.Queue(&together, setOrigins{database.OriginsText(each.origins)})
			}
			written[i] = s.many(&together, each.commands)
		}
		return written, together.Send(ctx, db)
	})
	if err != nil {
		return err
	}
	found := make([]map[[16]byte]R, len(written))
	for i, get := range written {
		found[i] = get()
	}
	for i, q := range commands {
		row, done := found[number[i]][q.key()]
		results[i].Value, results[i].LeftOut = row, !done
	}
	return nil
}

// inTurns gives each command the number of its turn: that of the commands before it which
// have its key.
func inTurns[Q command](commands []sent[Q]) (turns []turn[Q], number []int) {
	number = make([]int, len(commands))
	before := make(map[[16]byte]int, len(commands))
	for i, q := range commands {
		key := q.key()
		n := before[key]
		number[i], before[key] = n, n+1
		if n == len(turns) {
			turns = append(turns, turn[Q]{origins: map[string]ports.Origin{}})
		}
		turns[n].commands = append(turns[n].commands, q.command)
		if q.origin != (ports.Origin{}) {
			turns[n].origins[domain.UserID(key).String()] = q.origin
		}
	}
	for _, each := range turns {
		slices.SortFunc(each.commands, func(a, b Q) int {
			of, than := a.key(), b.key()
			return bytes.Compare(of[:], than[:])
		})
	}
	return turns, number
}

type setOrigins struct{ Text string }

type originsRow struct {
	Set *string `db:"set"`
}

// logOrigins tells the triggers of the log who makes the changes that follow in the
// transaction.
var logOrigins = sqlcheck.New(sqlcheck.Def[setOrigins, originsRow]{
	Name: "log.set_origins",
	Build: func(p setOrigins) sq.Sqlizer {
		return sq.Select().Column(sq.Expr("set_config('roster.origins', ?, true) AS set", p.Text))
	},
})

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
