package main

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/adapters/dataset"
	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/ports"
)

// outputFlags are the flags of the commands that write a data set.
type outputFlags struct {
	Folder string         `arg:"" placeholder:"FOLDER" help:"Folder to write to; it is made if it does not exist."`
	Format dataset.Format `enum:"ndjson,csv" default:"ndjson" help:"Format of the files: ndjson or csv."`
	Force  bool           `help:"Write to a folder that is not empty, and replace the data set in it."`
}

// exportCommand exports the directory.
type exportCommand struct {
	databaseFlags
	outputFlags
}

// Help implements runner.
func (exportCommand) Help() string {
	return `Writes the whole directory, deleted users included, as of one moment. The files
are a data set for roster import: imported into an empty database, it makes the same
directory. The files contain personal data. CSV is exact: a spreadsheet would run
texts that begin with = + - @ as formulas.

Examples:

	roster export backup --force
	DATABASE_URL=postgres://user@host/roster roster export people --format csv`
}

// Run exports to the folder.
func (c *exportCommand) Run(ctx context.Context, s *session) error {
	c.Database.SlowQuery = 0 // every statement of an export is slow
	return s.withDirectory(ctx, c.databaseFlags, false, func(database *postgres.Database) error {
		return s.writeDataSet(c.outputFlags, func(to ports.RecordWriter) error {
			return newBulk(database).Export(ctx, local, to)
		})
	})
}

// writeDataSet makes a data set, fills it, and prints how many records it has.
func (s *session) writeDataSet(config outputFlags, fill func(ports.RecordWriter) error) error {
	out, err := dataset.Create(config.Folder, config.Format, config.Force)
	if err != nil {
		return &usageError{err}
	}
	progress := newProgress(s.stderr)
	out.OnProgress = func(kind ports.RecordKind, written int64) { progress.show(step{name: string(kind), lines: written}) }
	err = fill(out)
	progress.end()
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		return errors.Join(err, out.Abort())
	}
	for _, kind := range ports.RecordKinds() {
		if err := printf(s.stdout, "%9d  %s\n", out.Written(kind), kind); err != nil {
			return err
		}
	}
	return printf(s.stdout, "written to %s\n", config.Folder)
}
