// Package ledger keeps accounts in plain SQL.
package ledger

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
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

// Book books an entry.
func (l Ledger) Book(ctx context.Context, e Entry) error {
	_, err := l.pool.Exec(ctx, `
		INSERT INTO ledger.entries (account, cents, note, booked_at) VALUES (@account, @cents, @text, @booked_at)`,
		pgx.NamedArgs{"account": e.Account, "cents": e.Cents, "text": e.Text, "booked_at": e.BookedAt})
	return err
}

// Balances are those of all accounts that have booked since a time.
func (l Ledger) Balances(ctx context.Context, since time.Time) ([]Balance, error) {
	rows, err := l.pool.Query(ctx, `
		SELECT account, coalesce(sum(cents), 0)::bigint AS cents, count(*) AS entries
		FROM ledger.entries WHERE booked_at >= @since GROUP BY account ORDER BY account`,
		pgx.NamedArgs{"since": since})
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[Balance])
}
