package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/postgres/backup"
	"github.com/roster-directory/roster/cmd/roster/settings"
	"github.com/roster-directory/roster/migrations"
)

// backupCommand writes a backup.
type backupCommand struct {
	databaseFlags
	File string `arg:"" placeholder:"FILE" help:"File to write; it must not exist."`
}

// Help implements documented.
func (*backupCommand) Help() string {
	return `Writes the schema roster as of one moment to a file, with pg_dump of the server's
major version or a later one. The file has checksums of itself and of each table; roster
restore checks them. Roles and rights are not in it. Servers may run meanwhile.

The file holds personal data, hashes of API keys and the key of the cursors.

Examples:

	roster backup roster.backup
	DATABASE_URL=postgres://user@host/roster roster backup /backups/monday.backup`
}

// Run writes the backup.
func (c *backupCommand) Run(ctx context.Context, s *session) error {
	return s.withAddress(ctx, c.databaseFlags, func(url string) error {
		made, err := backup.Write(ctx, url, c.File, readOwnBuild().version, c.programs())
		if err != nil {
			return err
		}
		for _, table := range made.Tables {
			if err := printf(s.stdout, "%9d  %s\n", table.Rows, table.Name); err != nil {
				return err
			}
		}
		return printf(s.stdout, "written to %s: schema %d, PostgreSQL %s\n", c.File, made.Schema, made.Server)
	})
}

// restoreCommand restores a backup.
type restoreCommand struct {
	databaseFlags
	File   string `arg:"" placeholder:"FILE" help:"File that roster backup wrote."`
	Verify bool   `help:"Compare every table with its checksum after the restore; the exit code is 1 if one differs."`
}

// Help implements documented.
func (*restoreCommand) Help() string {
	return `Restores a backup into a database without a schema roster, as the role that owns it
from then on. The whole file is checked first. The restore is one transaction: if it
fails or is killed, nothing is left, and it can be repeated. Nothing is ever overwritten.

Afterwards run roster migrate up, and the grants of docs/operations.md if the serving role
is another one. Readers of changes start again: their cursors get 410.

Examples:

	ROSTER_DATA=/var/lib/roster/new roster restore roster.backup --verify
	DATABASE_URL=postgres://owner@host/roster roster restore roster.backup --verify`
}

// Run restores the backup.
func (c *restoreCommand) Run(ctx context.Context, s *session) error {
	file, err := backup.Open(c.File)
	if err != nil {
		return errors.Join(&usageError{err}, s.checkDatabase(ctx, c.Database))
	}
	defer func() { _ = file.Close() }() // it was only read
	newest, err := migrations.Newest()
	if err != nil {
		return err
	}
	return s.withAddress(ctx, c.databaseFlags, func(url string) error {
		if err := file.Restore(ctx, url, newest.Version, c.Verify, c.programs()); err != nil {
			return err
		}
		verified := ""
		if c.Verify {
			verified = ", and every table is as its checksum says"
		}
		return printf(s.stdout, "restored the backup of %s with %s%s; next: roster migrate up\n",
			file.MadeAt.Format("2006-01-02 15:04:05Z"), counted(int64(len(file.Tables)), "table"), verified)
	})
}

// programs finds the programs of PostgreSQL.
func (c *databaseFlags) programs() backup.Programs {
	return func(ctx context.Context, name string, major int) (string, int, error) {
		return embedded.ClientProgram(ctx, c.Embedded.Bin, name, major)
	}
}

// withAddress runs fn with the address of the database, when that answers.
func (s *session) withAddress(ctx context.Context, config databaseFlags, fn func(url string) error) (err error) {
	location, err := s.locate(ctx, config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(location.explain(ctx, err), location.close(s.force)) }()
	if err := s.awaitDatabase(ctx, location.url, config.Database); err != nil {
		return err
	}
	if err := fn(location.url); err != nil {
		return fmt.Errorf("%s: %w", settings.Redact(location.url), err)
	}
	return nil
}
