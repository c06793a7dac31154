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
	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
)

// importCommand imports a data set.
type importCommand struct {
	databaseFlags
	Folder  string `arg:"" placeholder:"FOLDER" help:"Folder of the data set."`
	Strict  bool   `help:"All or nothing: fail and import nothing if a line is rejected."`
	Rejects string `placeholder:"FILE" help:"File for rejected lines. Default: rejects.ndjson in the folder."`
}

// Help implements runner.
func (importCommand) Help() string {
	return `A data set is a folder of files, of which each may be missing:

	plans          code, name, seats
	organizations  id, name, slug, plan, created_at, version
	users          id, external_id, username, email, display_name, attributes,
	               status, created_at, updated_at, deleted_at, version
	memberships    organization_id or organization (its slug),
	               user_id or user (its username), role, joined_at
	events         id, organization_id or organization, user_id or user, kind,
	               occurred_at, payload

The files have these names with .ndjson or .jsonl, or .csv, and with .gz after that if
they are compressed by gzip; upper case is the same. NDJSON is one JSON object a line,
where null is a missing field. CSV is in UTF-8, separated by commas, with a header that
names the fields; an empty cell is a missing field. Spreadsheets call it "CSV UTF-8
(comma delimited)". The summary names the other files of the folder, which are left out.

The fields code, name, slug, plan, username, email, role, kind, occurred_at and the
references are required. A record without an id is identified by its username or slug.
An event without an id gets one that is computed from its content and its ordinal among
equal lines.

An import adds records and never overwrites any. A line that equals an existing record
changes nothing, so the same folder may be imported again, such as after an import that
was killed. A line is rejected if it is no valid record, refers to a missing record, has
a name that is taken, exceeds a plan's seats, or differs from the existing record. The
other lines are imported. The file of rejects has each rejected line with its number and
the problem. Each file is one transaction; with --strict the folder is one.

The exit code is 0 if no line was rejected, 1 if the import failed, 2 if the command line
or the folder is wrong, and 3 if lines were rejected: the other lines are imported then,
or nothing with --strict.

Examples:

	roster sample people && roster import people
	DATABASE_URL=postgres://user@host/roster roster import people --strict
	roster import /mnt/readonly/people --rejects rejects.ndjson`
}

// Run imports the folder.
func (c *importCommand) Run(ctx context.Context, s *session) error {
	set, err := dataset.Open(c.Folder, c.Rejects)
	if err != nil {
		return errors.Join(&usageError{err}, s.checkDatabase(ctx, c.Database))
	}
	c.Database.SlowQuery = 0 // every statement of an import is slow
	return s.withDirectory(ctx, c.databaseFlags, true, func(database *postgres.Database) error {
		progress := newProgress(s.stderr)
		summary, err := newBulk(database).Import(ctx, local, set, app.ImportOptions{
			Strict: c.Strict,
			Waiting: func(left time.Duration) {
				s.log.WarnContext(ctx, "Another import runs, or was killed: waiting for its end, or for the end of its lease",
					"lease_left", left.Round(time.Second))
			},
			Progress: func(p app.ImportProgress) {
				read, size := set.Progress(p.Kind)
				progress.show(step{name: string(p.Kind), done: read, total: size, lines: p.Read, storing: p.Storing})
			},
		})
		progress.end()
		rejects, closeErr := set.Close()
		if n := summary.Rejected(); n > 0 && (err == nil || c.Strict && errors.Is(err, domain.Invalid)) {
			err = &rejectedError{lines: n, strict: c.Strict}
		}
		return errors.Join(err, closeErr, printImport(s.stdout, summary, rejects), printLeftOut(s.stdout, set.LeftOut()))
	})
}

// rejectedError says that an import has rejected lines, and no other fault.
type rejectedError struct {
	lines  int64
	strict bool // nothing is imported
}

// Error implements error.
func (e *rejectedError) Error() string {
	if e.strict {
		return counted(e.lines, "line") + " can't be imported, so nothing was; correct them, or import the other lines without --strict"
	}
	return counted(e.lines, "line") + " can't be imported; the other lines are"
}

// maxLeftOut is how many files that are left out the summary names.
const maxLeftOut = 20

// printLeftOut names the files of the folder that were not imported.
func printLeftOut(w io.Writer, files []dataset.LeftOut) error {
	for i, file := range files {
		if i == maxLeftOut {
			return printf(w, "%s more left out\n", counted(int64(len(files)-i), "file"))
		}
		if err := printf(w, "left out %s: %s\n", file.Name, file.Reason); err != nil {
			return err
		}
	}
	return nil
}

// printImport writes how many lines of each file were imported.
func printImport(w io.Writer, summary app.ImportSummary, rejects string) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	if err := printf(table, "file\tread\tnew\tunchanged\trejected\tseconds\t\n"); err != nil {
		return err
	}
	for _, f := range summary.Files {
		err := printf(table, "%s\t%d\t%d\t%d\t%d\t%.1f\t\n", f.Kind, f.Read, f.New, f.Unchanged, f.Rejected, f.Took.Seconds())
		if err != nil {
			return err
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if n := summary.Rejected(); n > 0 {
		if err := printf(w, "%s rejected, so the exit code is %d: see %s\n", counted(n, "line"), exitRejected, rejects); err != nil {
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
	if stem, ok := strings.CutSuffix(thing, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
