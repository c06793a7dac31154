package tool

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/inspect"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/schema"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
)

// prepare type checks the queries on the schema that the migrations make, and
// writes snapshots and assertions even if it finds something.
func (s *service) prepare(ctx context.Context) (found []Finding, err error) {
	history, snapshots, err := s.past()
	if err != nil {
		return nil, err
	}
	err = s.onScratch(ctx, func(_, url string) error {
		found, err = s.prepareOn(ctx, url, history, snapshots)
		return err
	})
	return found, err
}

// prepareOn is prepare on a migrated database.
func (s *service) prepareOn(
	ctx context.Context, url string, history schema.History, snapshots snapshot.Folder,
) (found []Finding, err error) {
	if history.Now, err = schema.Read(ctx, url); err != nil {
		return nil, err
	}
	history.Removed = stillRemoved(history, schema.RemovedColumns(history.Before, history.Now))
	p, err := s.programOf(ctx, snapshots)
	if err != nil {
		return nil, err
	}
	r, err := p.ask(ctx, askCheck, url)
	if err != nil {
		return s.wrongDefinition(err)
	}
	d := &diagnosis{service: s, history: history, before: snapshots.Queries}
	return s.write(ctx, d, r.Queries)
}

// past reads the migrations and the snapshots.
func (s *service) past() (schema.History, snapshot.Folder, error) {
	migrations, err := schema.Migrations(s.path(s.Migrations))
	if err != nil {
		return schema.History{}, snapshot.Folder{}, err
	}
	snapshots, err := snapshot.Read(s.path(s.Snapshots))
	before := snapshots.Schema
	return schema.History{Before: before.Tables, Removed: before.Removed, Migrations: migrations}, snapshots, err
}

// stillRemoved are the columns that were removed since the last prepare, or
// before it, and haven't come back.
func stillRemoved(h schema.History, since []schema.RemovedColumn) []schema.RemovedColumn {
	var removed []schema.RemovedColumn
	for _, r := range append(slices.Clone(h.Removed), since...) {
		t, _ := h.Now.Table(r.FullTable())
		if _, back := t.Column(r.Column.Name); !back && !slices.Contains(removed, r) {
			removed = append(removed, r)
		}
	}
	return removed
}

// write writes the snapshots and the assertions, and returns the findings.
func (s *service) write(ctx context.Context, d *diagnosis, queries []inspect.Query) ([]Finding, error) {
	next := snapshot.Folder{Path: s.path(s.Snapshots), Queries: map[string]snapshot.Query{}}
	byName := map[string]inspect.Query{}
	var found []Finding
	for _, q := range queries {
		name := q.Snapshot.Name
		q.Snapshot.Problems = nil
		q.Snapshot.KeepPlans(d.before[name])
		for _, f := range d.findings(q) {
			q.Snapshot.Problems = append(q.Snapshot.Problems, f.summary())
			found = append(found, f)
		}
		byName[name], next.Queries[name] = q, q.Snapshot
	}
	rows := snapshot.RowsOf(next.Queries, func(q snapshot.Query) []snapshot.Field { return d.needed(byName[q.Name]) })
	generated, err := s.writeAssertions(ctx, rows, d.mismatches(queries))
	if err != nil {
		return nil, err
	}
	now := d.history.Now
	next.Schema = snapshot.Schema{Postgres: now.Postgres, Migrations: hashesOf(d.history.Migrations), Tables: now.Tables}
	if len(found) > 0 {
		next.Schema.Removed = d.history.Removed
	}
	if next.Schema.Generated, err = s.hashes(generated); err != nil {
		return nil, err
	}
	return found, next.Write()
}

// writeAssertions writes the assertions of each package that needs some,
// removes those of the others, and returns the files.
func (s *service) writeAssertions(
	ctx context.Context, rows map[string][]snapshot.Rows, mismatches map[string][]snapshot.Mismatch,
) (files []string, err error) {
	all, err := s.packages(ctx, slices.Concat(s.Packages, slices.Sorted(maps.Keys(rows)))...)
	if err != nil {
		return nil, err
	}
	for _, pkg := range all {
		file := filepath.Join(pkg.dir, assertionsFile)
		p := snapshot.Package{Path: pkg.path, Name: pkg.name, Rows: rows[pkg.path], Mismatches: mismatches[pkg.dir]}
		if len(p.Rows)+len(p.Mismatches) == 0 {
			if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
			continue
		}
		text, err := snapshot.Assertions(p)
		if err != nil {
			return nil, fmt.Errorf("writing %s: %w", file, err)
		}
		if err := snapshot.WriteFile(file, text); err != nil {
			return nil, err
		}
		if !slices.Contains(files, file) {
			files = append(files, file)
		}
	}
	return files, nil
}
