package main

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/adapters/dataset"
	"github.com/roster-directory/roster/cmd/roster/settings"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// exportCommand writes the directory out.
type exportCommand struct {
	Database settings.Database `embed:"" group:"Database"`
	Embedded settings.Embedded `embed:"" group:"Embedded PostgreSQL"`

	Folder string         `arg:"" help:"Folder to write to; it is made where there is none."`
	Format dataset.Format `enum:"ndjson,csv" default:"ndjson" help:"Format of the files: ndjson or csv."`
	Force  bool           `help:"Write to a folder that is not empty, and replace the data set in it."`
}

// Help implements runner.
func (exportCommand) Help() string {
	return `Writes everything as of one moment, deleted users included, as files that roster import reads: an import of an export into an empty database makes the same directory. The files hold people's data: keep them accordingly.

Examples:

	roster export backup
	DATABASE_URL=postgres://user@host/roster roster export people --format csv --force`
}

// Run exports to the folder.
func (c *exportCommand) Run(ctx context.Context, s *session) (err error) {
	c.Database.SlowQuery = 0 // reading a whole table is
	directory, err := s.openDirectory(ctx, c.Database, c.Embedded, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, directory.close(s.force)) }()
	if err := directory.Ready(ctx); err != nil {
		return err
	}
	out, err := dataset.Create(c.Folder, c.Format, c.Force)
	if err != nil {
		return &misuseError{err}
	}
	counting := newCountingWriter(out, newProgress(s.stderr))
	if err := newBulk(directory.Database).Export(ctx, domain.LocalAdministrator(), counting); err != nil {
		counting.progress.end()
		return errors.Join(err, out.Abort())
	}
	return s.finish(out, counting, c.Folder)
}

// finish closes a data set that is written, and says what it holds.
func (s *session) finish(out *dataset.Writer, counting *countingWriter, folder string) error {
	counting.progress.end()
	if err := out.Close(); err != nil {
		return errors.Join(err, out.Abort())
	}
	for _, kind := range ports.RecordKinds() {
		if err := printf(s.stdout, "%9d  %s\n", counting.written[kind], kind); err != nil {
			return err
		}
	}
	return printf(s.stdout, "written to %s\n", folder)
}
