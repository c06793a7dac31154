package tool

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/released"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/schema"
)

// checkReleased finds what the migrations break of the last release's queries,
// of which the folder of the flag -released has a file.
func (s *service) checkReleased(ctx context.Context, history schema.History) (found []Finding, err error) {
	last, err := released.Read(s.released)
	if err != nil {
		return nil, fmt.Errorf("%w: at a release, sqlcheck release writes it", err)
	}
	err = s.onSchema(ctx, func(url string, conn *pgx.Conn) error {
		if history.Now, err = schema.Read(ctx, url); err != nil {
			return err
		}
		broken, err := last.Check(ctx, conn, nil)
		cause := newCauses(s, last, history)
		for _, f := range broken {
			found = append(found, cause.finding(f))
		}
		return err
	})
	return found, err
}

// onSchema is onScratch with a connection.
func (s *service) onSchema(ctx context.Context, do func(url string, conn *pgx.Conn) error) error {
	return s.onScratch(ctx, func(_, url string) error {
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		return do(url, conn)
	})
}

// causes say which migration broke a query of the last release.
type causes struct {
	*service
	version string
	history schema.History // of the migrations that are newer than the release
}

func newCauses(s *service, last released.Release, h schema.History) causes {
	h.Migrations = slices.DeleteFunc(slices.Clone(h.Migrations), func(m schema.Migration) bool {
		return slices.Contains(last.Migrations, m.File)
	})
	h.Before, h.Removed = nil, nil
	for _, t := range last.Tables {
		before := schema.Table{}
		before.Schema, before.Name, _ = strings.Cut(t.Name, ".")
		for _, c := range t.Columns {
			before.Columns = append(before.Columns, schema.Column{Name: c.Name, Type: c.Type})
		}
		h.Before = append(h.Before, before)
	}
	return causes{s, last.Version, h}
}

// finding is at the migration that is the likely cause, or else at the file of
// the release.
func (c causes) finding(f released.Finding) Finding {
	out := Finding{
		File: shown(filepath.Join(c.released, released.File)), Query: f.Query, Variants: f.Variants,
		Problem: "in " + c.version + ", " + f.Problem, Fix: f.Fix,
	}
	if f.Of > 1 {
		out.Of = f.Of
	}
	file := c.newest(f)
	if cause, known := c.history.Cause(f.Table, f.Column); f.Column != "" && known && strings.Contains(f.Problem, "does not exist") {
		file, out.Cause = cause.File, "it was dropped"
		if cause.NewName != "" {
			out.Cause = "is it " + cause.NewName + " now?"
		}
	}
	if file != "" {
		out.File = c.migration(file)
	}
	return out
}

// newest is the last new migration that has the name of what changed, or the
// only new one.
func (c causes) newest(f released.Finding) string {
	name := f.Column
	if name == "" {
		name = f.Table[strings.LastIndex(f.Table, ".")+1:]
	}
	for _, m := range slices.Backward(c.history.Migrations) {
		if name != "" && m.Mentions(name) {
			return m.File
		}
	}
	if len(c.history.Migrations) == 1 {
		return c.history.Migrations[0].File
	}
	return ""
}

// release writes what this version sends to the database into the folder of the
// flag -released.
func (s *service) release(ctx context.Context) ([]Finding, error) {
	switch {
	case s.released == "":
		return nil, errors.New("release needs a folder to write to: name it with -released")
	case s.version == "":
		return nil, errors.New("release needs the version, such as -version v1.2.0")
	}
	found, err := s.checkDefinitions(ctx)
	if err != nil || len(found) > 0 {
		return found, err
	}
	history, snapshots, err := s.past()
	if err != nil {
		return nil, err
	}
	next := released.Release{Version: s.version, Queries: released.QueriesOf(snapshots.Queries)}
	for _, m := range history.Migrations {
		next.Migrations = append(next.Migrations, m.File)
	}
	err = s.onSchema(ctx, func(_ string, conn *pgx.Conn) error {
		next.Postgres = snapshots.Schema.Postgres
		if next.Tables, err = released.TablesOf(ctx, conn); err != nil {
			return err
		}
		broken, err := next.Check(ctx, conn, nil)
		for _, f := range broken {
			found = append(found, newCauses(s, next, history).finding(f))
		}
		return err
	})
	if err != nil || len(found) > 0 {
		return found, err
	}
	return nil, next.Write(s.released)
}
