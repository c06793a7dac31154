// Command expectedschema writes adapters/postgres/schema/expected.json: the schema that
// the migrations make, with the rights that docs/operations.md grants to the role that
// serves, and what the statements of the program name. It starts a PostgreSQL of its
// own.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/embedded/scratch"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/schema"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/migrations"
)

// root is the repository, seen from the folder of package schema.
const root = "../../.."

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "expectedschema:", err)
		os.Exit(1)
	}
}

// run starts a server, and writes what it finds there.
func run(ctx context.Context) (err error) {
	folder, err := scratch.New()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, folder.Remove()) }()
	server, err := embedded.Start(ctx, embedded.Options{
		DataDir: filepath.Join(folder.Path, "data"), RuntimeDir: filepath.Join(folder.Path, "run"),
		Volatile: true, Settings: map[string]string{"autovacuum": "off", "shared_buffers": "16MB"},
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop(context.WithoutCancel(ctx))) }()
	expected, err := expect(ctx, server.URL("postgres"))
	if err != nil {
		return err
	}
	text, err := expected.Encode()
	if err != nil {
		return err
	}
	return os.WriteFile("expected.json", text, 0o644)
}

// expect migrates a database as docs/operations.md says, and reads its schema.
func expect(ctx context.Context, admin string) (*schema.Schema, error) {
	manual, err := os.ReadFile(filepath.Join(root, "docs/operations.md"))
	if err != nil {
		return nil, err
	}
	for _, statement := range strings.Split(block(string(manual), "sql roles"), ";\n") {
		if err := execute(ctx, admin, statement); err != nil {
			return nil, fmt.Errorf("the roles of docs/operations.md: %w", err)
		}
	}
	address, err := url.Parse(admin)
	if err != nil {
		return nil, err
	}
	address.Path = "/roster"
	super := address.String()
	address.User = url.UserPassword("roster_owner", "owner-password")
	owner := address.String()
	if err := migrate.Up(ctx, owner); err != nil {
		return nil, err
	}
	if err := execute(ctx, owner, block(string(manual), "sql grants")); err != nil {
		return nil, fmt.Errorf("the grants of docs/operations.md: %w", err)
	}
	found, err := read(ctx, super)
	if err != nil {
		return nil, err
	}
	newest, err := migrations.Newest()
	if err != nil {
		return nil, err
	}
	found.Version = newest.Version
	return found, markUsed(ctx, super, found)
}

// read reads the schema with the rights of the role that serves.
func read(ctx context.Context, address string) (*schema.Schema, error) {
	pool, err := pgxpool.New(ctx, address)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	found, err := schema.Read(ctx, sqlcheck.Pool(pool), "roster_serve")
	if err != nil {
		return nil, err
	}
	if len(found.Undescribed) > 0 {
		return nil, fmt.Errorf("the schema has %s, which package schema can't compare: extend schema.Schema and its reading",
			strings.Join(found.Undescribed, ", "))
	}
	return &found.Schema, nil
}

// block is the block of a document that begins with a label.
func block(document, label string) string {
	_, text, _ := strings.Cut(document, "\n```"+label+"\n")
	text, _, _ = strings.Cut(text, "```")
	return text
}

func execute(ctx context.Context, address, text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	connection, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	//sqlcheck:allow the roles and grants of docs/operations.md, on a server that is thrown away
	_, err = connection.Exec(ctx, text, pgx.QueryExecModeSimpleProtocol)
	return errors.Join(err, connection.Close(ctx))
}
