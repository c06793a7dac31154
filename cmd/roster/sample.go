package main

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/adapters/dataset"
	"github.com/roster-directory/roster/adapters/sample"
)

// sampleCommand makes up a data set.
type sampleCommand struct {
	Folder string         `arg:"" help:"Folder to write to; it is made where there is none."`
	Users  int            `default:"200000" help:"How many users."`
	Events int            `default:"1000000" help:"How many events."`
	Seed   uint64         `default:"1" help:"Another seed makes another directory of the same size."`
	Format dataset.Format `enum:"ndjson,csv" default:"ndjson" help:"Format of the files: ndjson or csv."`
	Force  bool           `help:"Write to a folder that is not empty, and replace the data set in it."`
}

// Help implements runner.
func (sampleCommand) Help() string {
	return `Makes up a directory for trials and tests: names in many scripts, a few large organizations and many small ones, and a few users who do most of what happens. The same flags make the same files, byte for byte, on every machine. No database is needed.

Examples:

	roster sample people
	roster sample small --users 1000 --events 5000 --seed 7 --format csv`
}

// Run writes the data set.
func (c *sampleCommand) Run(ctx context.Context, s *session) error {
	if c.Users < 0 || c.Events < 0 || c.Events > 0 && c.Users == 0 {
		return &misuseError{errors.New("--users and --events: choose 0 or more, and a user where there are events")}
	}
	out, err := dataset.Create(c.Folder, c.Format, c.Force)
	if err != nil {
		return &misuseError{err}
	}
	counting := newCountingWriter(out, newProgress(s.stderr))
	options := sample.Options{Seed: c.Seed, Users: c.Users, Events: c.Events}
	if err := sample.Write(ctx, options, counting); err != nil {
		counting.progress.end()
		return errors.Join(err, out.Abort())
	}
	return s.finish(out, counting, c.Folder)
}
