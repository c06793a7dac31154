package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/roster-directory/roster/adapters/dataset"
	"github.com/roster-directory/roster/adapters/embedded/scratch"
	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/sample"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/cmd/roster/flags"
	"github.com/roster-directory/roster/cmd/roster/settings"
)

// demoCommand serves a directory that is made up.
type demoCommand struct {
	Users  int    `default:"3000" help:"Number of users."`
	Events int    `default:"20000" help:"Number of events, of the last eight weeks."`
	Port   uint16 `default:"0" help:"Port to listen on at 127.0.0.1; 0 takes a free one."`
}

// Help implements runner.
func (demoCommand) Help() string {
	return `Makes a directory of users with names in many scripts, organizations, and events of
the last eight weeks; serves it with its page on this machine, and says what to try. The
data is in a temporary folder with an embedded PostgreSQL, and is removed at the end, also
if Roster is killed. Of the settings, ROSTER_CACHE, ROSTER_PG_BIN, ROSTER_PG_REPOSITORY and
ROSTER_PG_USER have an effect, and those of the log.

Examples:

	roster demo
	roster demo --users 200000 --events 1000000 --port 3000`
}

// Run serves until ctx ends.
func (c *demoCommand) Run(ctx context.Context, s *session) (err error) {
	if c.Users < 1 || c.Events < 0 {
		return &usageError{errors.New("--users and --events: choose at least one user, and 0 or more events")}
	}
	if err := s.logWarnings(); err != nil {
		return err
	}
	folder, err := scratch.New()
	if err != nil {
		return fmt.Errorf("making a temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, folder.Remove()) }()
	config, err := c.settings(s.environ, folder.Path)
	if err != nil {
		return &usageError{err}
	}
	s.volatile = true
	return s.serve(ctx, config, serveHooks{
		fill: func(ctx context.Context, database *postgres.Database) error {
			return c.fill(ctx, s, database, filepath.Join(folder.Path, "people"))
		},
		ready: func(url string) error { return printf(s.stdout, "%s", suggestions(url, folder.Path, time.Now())) },
	})
}

// logWarnings leaves messages of the level info out of the log, unless levels are set.
func (s *session) logWarnings() (err error) {
	if s.isSet("ROSTER_LOG") {
		return nil
	}
	config := settings.Log{Filter: "warn"}
	for _, f := range s.flags {
		if f.Variable == "ROSTER_LOG_FORMAT" {
			config.Format = f.Value().(string)
		}
	}
	s.log, err = newLogger(config, s.stderr, parseEnvironment(s.environ))
	return err
}

// settings returns the settings of roster serve. All but those of PostgreSQL's programs
// are independent of the environment.
func (c *demoCommand) settings(environ []string, folder string) (settings.Config, error) {
	values := map[string]string{
		"ROSTER_DATA": filepath.Join(folder, "data"), "ROSTER_RUNTIME": filepath.Join(folder, "run"),
		"PORT": strconv.Itoa(int(c.Port)), "ROSTER_SLOW_QUERY": "0s", "ROSTER_SLOW_REQUEST": "0s",
	}
	set := parseEnvironment(environ)
	for _, name := range []string{"ROSTER_CACHE", "ROSTER_PG_BIN", "ROSTER_PG_REPOSITORY", "ROSTER_PG_USER"} {
		values[name] = set[name]
	}
	serve := new(serveCommand)
	err := flags.Resolve(flagsOf(serve), values)
	return serve.Config, err
}

// fill makes a directory in the folder and imports it.
func (c *demoCommand) fill(ctx context.Context, s *session, database *postgres.Database, folder string) error {
	const text = "Making a directory of %s and %s …\n"
	if err := printf(s.stdout, text, counted(int64(c.Users), "user"), counted(int64(c.Events), "event")); err != nil {
		return err
	}
	out, err := dataset.Create(folder, dataset.NDJSON, false)
	if err != nil {
		return err
	}
	if err := sample.Write(ctx, sample.Options{Seed: 1, Users: c.Users, Events: c.Events, Now: time.Now()}, out); err != nil {
		return errors.Join(err, out.Abort())
	}
	if err := out.Close(); err != nil {
		return err
	}
	set, err := dataset.Open(folder, "")
	if err != nil {
		return err
	}
	summary, err := newBulk(database).Import(ctx, local, set, app.ImportOptions{})
	rejects, closeErr := set.Close()
	if n := summary.Rejected(); n > 0 {
		err = errors.Join(err, fmt.Errorf("%s rejected: see %s", counted(n, "line"), rejects))
	}
	return errors.Join(err, closeErr)
}

// suggestions says what to try at the address.
func suggestions(url, folder string, now time.Time) string {
	const text = `
Look at it:

    URL/admin

Ask it, here for a name with a typing error, and for the busiest organizations of a week:

    curl 'URL/users?limit=3'
    curl --json '{"term": "ada oneill"}' URL/users/search
    curl 'URL/reports/engagement?from=FROM&to=TO&limit=3'

Ctrl+C ends it and removes the directory, which is in FOLDER.
`
	today := now.UTC().Truncate(24 * time.Hour)
	return strings.NewReplacer(
		"URL", url, "FOLDER", folder, "FROM", today.AddDate(0, 0, -7).Format(time.RFC3339), "TO", today.Format(time.RFC3339),
	).Replace(text)
}
