package typecheck_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }

const schema = `
	CREATE SCHEMA shop;
	CREATE TYPE shop.status AS ENUM ('open', 'paid');
	CREATE DOMAIN shop.cents AS bigint CHECK (VALUE >= 0);
	CREATE DOMAIN shop.ref AS uuid;
	CREATE DOMAIN shop.moment AS timestamptz;
	CREATE DOMAIN shop.document AS jsonb;
	CREATE DOMAIN shop.flag AS bool;
	CREATE DOMAIN shop.words AS text[];
	CREATE TABLE shop.orders (
		id        uuid PRIMARY KEY,
		customer  text NOT NULL,
		status    shop.status NOT NULL DEFAULT 'open',
		total     shop.cents NOT NULL,
		weight    numeric,
		note      text,
		details   jsonb,
		tags      text[],
		placed_at timestamptz NOT NULL,
		local_at  timestamp,
		took      interval
	);`

var shop = pgtest.NewTemplate(func(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, schema)
	return err
})

func connect(t *testing.T) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), shop.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}
