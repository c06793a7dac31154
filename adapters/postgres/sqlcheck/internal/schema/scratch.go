package schema

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"path"
	"strings"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // goose speaks through database/sql
	"github.com/pressly/goose/v3"
)

// Scratch is a migrated database that is dropped after use.
type Scratch struct {
	URL    string
	server string
	name   string
}

// Source is where a schema comes from.
type Source struct {
	// Path is a folder of migrations, or a file: a dump. See Migrations.
	Path string
	// Command applies the migrations instead, to the database that the variable
	// DATABASE_URL of its environment names. It runs in the folder Dir.
	Command []string
	Dir     string
	// Versions is the table in which goose counts, with its schema. If it is ""
	// the table is no part of the schema.
	Versions string
}

// NewScratch makes a database on the server of the URL server, whose user must
// be allowed to, and applies the migrations. The error names the migration
// that failed.
func NewScratch(ctx context.Context, server string, migrations Source) (*Scratch, error) {
	address, err := url.Parse(server)
	if err != nil || address.Scheme == "" {
		return nil, errors.New("the database's address is not of the form postgres://user:password@host/database")
	}
	s := &Scratch{server: server, name: fmt.Sprintf("sqlcheck_%d", rand.Uint64())}
	address.Path = "/" + s.name
	s.URL = address.String()
	if err := s.admin(ctx, "CREATE DATABASE "+s.name+" TEMPLATE template0"); err != nil {
		return nil, fmt.Errorf("making a database to check on: %w", err)
	}
	if err := migrate(ctx, s.URL, migrations); err != nil {
		return nil, errors.Join(err, s.Drop(ctx))
	}
	return s, nil
}

// Analyze lets the planner see the rows: so many of them that the same rows
// give the same plans.
func (s *Scratch) Analyze(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.URL)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "SET default_statistics_target = 4000; ANALYZE", pgx.QueryExecModeSimpleProtocol)
	return err
}

// Drop drops the database.
func (s *Scratch) Drop(ctx context.Context) error {
	if err := s.admin(ctx, "DROP DATABASE "+s.name+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("dropping the database %s: %w", s.name, err)
	}
	return nil
}

func (s *Scratch) admin(ctx context.Context, text string) error {
	conn, err := pgx.Connect(ctx, s.server)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, text)
	return err
}

// temporary is goose's table where it is no part of the schema.
const temporary = "public.sqlcheck_versions"

func migrate(ctx context.Context, address string, source Source) error {
	if len(source.Command) > 0 {
		return Run(ctx, source.Dir, address, source.Command)
	}
	files, err := read(source.Path)
	switch {
	case err != nil:
		return fmt.Errorf("reading the migrations in %s: %w", source.Path, err)
	case files.format == goosed:
		return migrateByGoose(ctx, address, source)
	}
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return files.apply(ctx, conn)
}

func migrateByGoose(ctx context.Context, address string, source Source) (err error) {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if source.Versions == "" {
		if err := up(ctx, db, source.Path, temporary); err != nil {
			return err
		}
		_, err = db.ExecContext(ctx, "DROP TABLE "+temporary)
		return err
	}
	if schema, _, ok := strings.Cut(source.Versions, "."); ok {
		if _, err := db.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS "+schema); err != nil {
			return fmt.Errorf("making the schema of %s: %w", source.Versions, err)
		}
	}
	return up(ctx, db, source.Path, source.Versions)
}

func up(ctx context.Context, db *sql.DB, folder, versions string) error {
	provider, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS(folder), goose.WithTableName(versions),
		goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)))
	if err != nil {
		return fmt.Errorf("reading the migrations in %s: %w", folder, err)
	}
	_, err = provider.Up(ctx)
	if partial := (*goose.PartialError)(nil); errors.As(err, &partial) {
		return fmt.Errorf("%s: %w", path.Join(folder, path.Base(partial.Failed.Source.Path)), partial.Err)
	}
	if err != nil {
		return fmt.Errorf("applying the migrations in %s: %w", folder, err)
	}
	return nil
}
