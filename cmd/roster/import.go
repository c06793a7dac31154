package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/roster-directory/roster/adapters/dataset"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/cmd/roster/settings"
	"github.com/roster-directory/roster/domain"
)

// importCommand takes a data set in.
type importCommand struct {
	Database settings.Database `embed:"" group:"Database"`
	Embedded settings.Embedded `embed:"" group:"Embedded PostgreSQL"`

	Folder  string `arg:"" help:"Folder of the data set."`
	Strict  bool   `help:"All or nothing: one line that can't go in undoes the whole import, which then fails."`
	Rejects string `placeholder:"FILE" help:"Where to keep the lines that don't go in; rejects.ndjson in the folder unless given."`
}

// Help implements runner.
func (importCommand) Help() string {
	return `A data set is a folder of files, NDJSON or CSV with a header, each of which may be missing:

	plans          code, name, seats
	organizations  id, name, slug, plan, created_at, version
	users          id, external_id, username, email, display_name, attributes, status, created_at, updated_at, deleted_at, version
	memberships    organization_id or organization (its slug), user_id or user (its username), role, joined_at
	events         id, organization_id or organization, user_id or user, kind, occurred_at, payload

Required are code, name, slug, plan, username, email, role, kind, occurred_at and the references. Where ids are missing, usernames and slugs name users and organizations; an event without an id gets one made from its content and its ordinal among equal lines.

An import adds and never overwrites. A line that says what is there already changes nothing, so the same folder may be imported again, such as after an import that was killed. A line that is no record, that refers to what does not exist, whose names are taken, for which no seat is left, or that is there with other values goes to the rejects with its number and the problem; the rest goes in. Each file is one transaction; with --strict the folder is one.

Examples:

	roster sample people && roster import people
	DATABASE_URL=postgres://user@host/roster roster import people --strict
	roster import /mnt/readonly/people --rejects rejects.ndjson`
}

// Run imports the folder.
func (c *importCommand) Run(ctx context.Context, s *session) (err error) {
	set, err := dataset.Open(c.Folder, c.Rejects)
	if err != nil {
		return &misuseError{err}
	}
	for _, name := range set.Ignored() {
		s.log.WarnContext(ctx, "A file of the folder is of no known kind and is left out", "file", name)
	}
	c.Database.SlowQuery = 0 // every statement of an import is slow
	directory, err := s.openDirectory(ctx, c.Database, c.Embedded, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, directory.close(s.force)) }()
	show := newProgress(s.stderr)
	summary, err := newBulk(directory.Database).Import(ctx, domain.LocalAdministrator(), set, app.ImportOptions{
		Strict: c.Strict,
		Progress: func(p app.ImportProgress) {
			read, size := set.Progress(p.Kind)
			show.show(step{name: string(p.Kind), done: read, of: size, lines: p.Read, storing: p.Storing})
		},
	})
	show.end()
	rejects, closeErr := set.Close()
	return errors.Join(err, closeErr, printImport(s.stdout, summary, rejects))
}

// printImport writes what became of the lines.
func printImport(w io.Writer, summary app.ImportSummary, rejects string) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	if err := printf(table, "file\tread\tnew\tunchanged\trejected\tseconds\t\n"); err != nil {
		return err
	}
	for _, f := range summary.Files {
		err := printf(table, "%s\t%d\t%d\t%d\t%d\t%.1f\t\n", f.Kind, f.Read, f.New, f.Unchanged, f.Rejected, f.Took.Round(100*time.Millisecond).Seconds())
		if err != nil {
			return err
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if n := summary.Rejected(); n > 0 {
		if err := printf(w, "%s rejected: see %s\n", counted(n, "line"), rejects); err != nil {
			return err
		}
	}
	if n := summary.Ownerless; n > 0 {
		names := strings.Join(summary.OwnerlessFirst, ", ")
		if n > int64(len(summary.OwnerlessFirst)) {
			names += ", …"
		}
		return printf(w, "%s without an active owner: %s\n", counted(n, "organization"), names)
	}
	return nil
}

func counted(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
