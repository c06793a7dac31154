// Command fill puts 20,000 books into the empty, migrated database of
// DATABASE_URL: sqlcheck plans looks at plans on many rows.
package main

import (
	"context"
	"log"
	"os"

	"github.com/jackc/pgx/v5"
)

func main() {
	if err := fill(context.Background(), os.Getenv("DATABASE_URL")); err != nil {
		log.Fatal(err)
	}
}

//sqlcheck:allow these rows are made for sqlcheck plans, and no query of the service
func fill(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, `INSERT INTO shop.books (isbn, title, added_at)
		SELECT n, 'Book ' || n, timestamptz '2026-01-01' - n * interval '1 hour' FROM generate_series(1, 20000) n`)
	return err
}
