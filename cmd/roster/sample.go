package main

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/adapters/sample"
	"github.com/roster-directory/roster/ports"
)

// sampleCommand generates a data set.
type sampleCommand struct {
	Users  int    `default:"200000" help:"Number of users."`
	Events int    `default:"1000000" help:"Number of events."`
	Seed   uint64 `default:"1" help:"Seed of the random numbers: another seed makes another directory of the same size."`
	outputFlags
}

// Help implements runner.
func (sampleCommand) Help() string {
	return `Generates a directory for trials and tests, with names in many scripts, a few
large organizations and many small ones, and a few users who cause most of the events.
The same flags make the same files, byte for byte, on every machine. It needs no
database.

Examples:

	roster sample people
	roster sample small --users 1000 --events 5000 --seed 7 --format csv`
}

// Run writes the data set.
func (c *sampleCommand) Run(ctx context.Context, s *session) error {
	if c.Users < 0 || c.Events < 0 || c.Events > 0 && c.Users == 0 {
		return &usageError{errors.New("--users and --events: choose 0 or more, and at least one user for events")}
	}
	return s.writeDataSet(c.outputFlags, func(to ports.RecordWriter) error {
		return sample.Write(ctx, sample.Options{Seed: c.Seed, Users: c.Users, Events: c.Events}, to)
	})
}
