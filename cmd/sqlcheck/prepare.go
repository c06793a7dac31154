package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/lock"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/schema"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/tool"
)

// prepare judges the queries on the schema that the migrations make, and
// writes locks and assertions whatever it finds.
func (s *service) prepare(ctx context.Context, server string) (found []finding, err error) {
	history, locks, err := s.past()
	if err != nil {
		return nil, err
	}
	server, stop, err := serverFor(ctx, server)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	database, err := schema.NewScratch(ctx, server, schema.Source{Folder: shown(s.path(s.Migrations)), Versions: s.Versions})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, database.Drop(context.WithoutCancel(ctx))) }()
	if history.Now, err = schema.Read(ctx, database.URL); err != nil {
		return nil, err
	}
	history.Gone = stillGone(history, schema.Vanished(history.Before, history.Now))
	p := &program{service: s}
	if p.packages, err = s.rowPackages(ctx, locks); err != nil {
		return nil, err
	}
	report, err := p.ask(ctx, database.URL)
	if err != nil {
		return s.broken(err)
	}
	d := &diagnosis{service: s, history: history, before: locks.Queries}
	return s.write(ctx, d, report.Queries)
}

// past is what the migrations and the locks tell.
func (s *service) past() (schema.History, lock.Folder, error) {
	migrations, err := schema.Migrations(s.path(s.Migrations))
	if err != nil {
		return schema.History{}, lock.Folder{}, err
	}
	locks, err := lock.Read(s.path(s.Locks))
	return schema.History{Before: locks.Schema.Tables, Gone: locks.Schema.Gone, Migrations: migrations}, locks, err
}

// stillGone is what vanished now or before, and hasn't come back.
func stillGone(h schema.History, vanished []schema.Gone) []schema.Gone {
	var gone []schema.Gone
	for _, g := range append(slices.Clone(h.Gone), vanished...) {
		t, _ := h.Now.Table(g.FullTable())
		if _, back := t.Column(g.Column.Name); !back && !slices.Contains(gone, g) {
			gone = append(gone, g)
		}
	}
	return gone
}

func (s *service) rowPackages(ctx context.Context, locks lock.Folder) ([]goPackage, error) {
	paths := rowPackages(locks.Queries)
	if len(paths) == 0 {
		return nil, nil
	}
	return s.packages(ctx, paths...)
}

// broken makes a finding of a definition that panics as the program starts.
func (s *service) broken(err error) ([]finding, error) {
	var compiler *toolError
	if errors.As(err, &compiler) {
		if text := panicked(compiler); text != "" {
			return []finding{definitionFault(text)}, nil
		}
	}
	return nil, err
}

// write writes the locks and the assertions, and gives the findings.
func (s *service) write(ctx context.Context, d *diagnosis, queries []tool.Query) ([]finding, error) {
	next := lock.Folder{Path: s.path(s.Locks), Queries: map[string]lock.Query{}}
	byName := map[string]tool.Query{}
	var found []finding
	for _, q := range queries {
		q.Lock.Problems = nil
		q.Lock.KeepPlans(d.before[q.Lock.Name])
		for _, f := range d.findings(q) {
			q.Lock.Problems = append(q.Lock.Problems, f.summary())
			found = append(found, f)
		}
		byName[q.Lock.Name], next.Queries[q.Lock.Name] = q, q.Lock
	}
	rows := lock.RowsOf(next.Queries, func(q lock.Query) []lock.Field { return d.needed(byName[q.Name]) })
	generated, err := s.writeAssertions(ctx, rows, d.misfits(queries))
	if err != nil {
		return nil, err
	}
	next.Schema = lock.Schema{Postgres: d.history.Now.Postgres, Migrations: hashesOf(d.history.Migrations), Tables: d.history.Now.Tables}
	if len(found) > 0 {
		next.Schema.Gone = d.history.Gone
	}
	if next.Schema.Generated, err = s.hashes(generated); err != nil {
		return nil, err
	}
	return found, next.Write()
}

// writeAssertions writes the assertions of each package that needs some, takes
// those of the others away, and returns the files.
func (s *service) writeAssertions(ctx context.Context, rows map[string][]lock.Rows, misfits map[string][]lock.Misfit) (files []string, err error) {
	all, err := s.packages(ctx, slices.Concat(s.Packages, slices.Sorted(maps.Keys(rows)))...)
	if err != nil {
		return nil, err
	}
	for _, pkg := range all {
		file := filepath.Join(pkg.dir, assertionsFile)
		p := lock.Package{Path: pkg.path, Name: pkg.name, Rows: rows[pkg.path], Misfits: misfits[pkg.dir]}
		if len(p.Rows)+len(p.Misfits) == 0 {
			if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
			continue
		}
		text, err := lock.Assertions(p)
		if err != nil {
			return nil, fmt.Errorf("writing %s: %w", file, err)
		}
		if err := lock.WriteFile(file, text); err != nil {
			return nil, err
		}
		if !slices.Contains(files, file) {
			files = append(files, file)
		}
	}
	return files, nil
}
