// Package ledger keeps accounts in plain SQL. Its code before it adopted sqlcheck is in
// the folder before.
package ledger

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// Entry is an amount of cents on an account.
type Entry struct {
	Account  string
	Cents    int64
	Text     *string
	BookedAt time.Time
}

// Balance is the sum of an account's entries.
type Balance struct {
	Account string `db:"account"`
	Cents   int64  `db:"cents"`
	Entries int64  `db:"entries"`
}

// Ledger keeps entries.
type Ledger struct{ pool *pgxpool.Pool }

// New returns a ledger on the pool's database.
func New(pool *pgxpool.Pool) Ledger { return Ledger{pool} }

var entriesAdd = sqlcheck.Text[Entry, sqlcheck.None]("entries.add", `
		INSERT INTO ledger.entries (account, cents, note, booked_at) VALUES (@account, @cents, @text, @booked_at)`)

// Book books an entry.
func (l Ledger) Book(ctx context.Context, e Entry) error {
	_, err := entriesAdd.Exec(ctx, sqlcheck.On(l.pool), e)
	return err
}

type since struct{ Since time.Time }

var entriesBalances = sqlcheck.Text[since, Balance]("entries.balances", `
		SELECT account, coalesce(sum(cents), 0)::bigint AS cents, count(*) AS entries
		FROM ledger.entries WHERE booked_at >= @since GROUP BY account ORDER BY account`)

// Balances are those of all accounts that have booked since a time.
func (l Ledger) Balances(ctx context.Context, from time.Time) ([]Balance, error) {
	return entriesBalances.All(ctx, sqlcheck.On(l.pool), since{from})
}
