package backup

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
)

// Restore restores the backup into a database that has no schema roster. It is one
// transaction: if it fails or is killed, the database is as before. newest is the newest
// migration that this program knows. With verify, the restored tables are compared with
// the manifest; a DifferentError leaves them for inspection.
func (f *File) Restore(ctx context.Context, address string, newest int64, verify bool, programs Programs) error {
	if f.Schema > newest {
		return fmt.Errorf("the backup was made by Roster %s and has the schema %d, and this program knows %d: "+
			"restore it with that version or a later one", f.Roster, f.Schema, newest)
	}
	target, err := open(ctx, address)
	if err != nil {
		return err
	}
	defer target.close()
	if target.major < f.Major {
		return fmt.Errorf("the backup is of PostgreSQL %s, and the server is %s: restore into PostgreSQL %d or later",
			f.Server, target.version, f.Major)
	}
	var exists bool
	const find = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'roster')"
	//sqlcheck:allow it reads the catalog of a database without Roster's schema
	if err := target.connection.QueryRow(ctx, find).Scan(&exists); err != nil {
		return err
	}
	if exists {
		return errors.New("the database has a schema roster, and a restore never overwrites one: " +
			"name an empty database (DATABASE_URL), or for the embedded PostgreSQL a new folder (ROSTER_DATA)")
	}
	program, _, err := programs(ctx, "pg_restore", f.Program)
	if err != nil {
		return err
	}
	err = target.run(ctx, program, f.archive(), io.Discard, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
	if err != nil || !verify {
		return err
	}
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return pgx.BeginTxFunc(ctx, target.connection, options, func(tx pgx.Tx) error {
		found, err := tables(ctx, tx)
		if err != nil {
			return err
		}
		return f.compare(found)
	})
}
