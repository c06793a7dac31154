package mutants

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Databases are where mutants are made.
type Databases struct {
	Server   string // the URL of a database whose user may create others
	Original string // the URL of the database to copy
}

// clone runs do on a copy of the original, which it drops afterwards.
func (d Databases) clone(ctx context.Context, do func(url string) error) (err error) {
	original, err := url.Parse(d.Original)
	if err != nil {
		return err
	}
	admin, err := pgx.Connect(ctx, d.Server)
	if err != nil {
		return err
	}
	defer admin.Close(ctx)
	name := fmt.Sprintf("sqlcheck_mutant_%d", rand.Uint64())
	template := pgx.Identifier{strings.TrimPrefix(original.Path, "/")}.Sanitize()
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		return fmt.Errorf("copying the database: %w", err)
	}
	defer func() {
		_, dropped := admin.Exec(context.WithoutCancel(ctx), "DROP DATABASE "+name+" WITH (FORCE)")
		err = errors.Join(err, dropped)
	}()
	copied := *original
	copied.Path = "/" + name
	return do(copied.String())
}

// connected runs do with a connection.
func connected(ctx context.Context, url string, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return do(conn)
}

// apply makes the first of the attempts that the server takes.
func apply(ctx context.Context, url string, attempts [][]string) error {
	return connected(ctx, url, func(conn *pgx.Conn) error {
		var refused error
		for _, statements := range attempts {
			_, err := conn.Exec(ctx, strings.Join(statements, ";\n"), pgx.QueryExecModeSimpleProtocol)
			if err == nil {
				return nil
			}
			refused = errors.Join(refused, err)
		}
		return refused
	})
}
