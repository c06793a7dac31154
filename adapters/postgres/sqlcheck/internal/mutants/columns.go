package mutants

import (
	"context"
	"fmt"
	"io"
	"iter"
	"reflect"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/inspect"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/schema"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
)

// Columns mutates each column of each table, one after the other.
func Columns(ctx context.Context, defs iter.Seq[sqlcheck.Definition], databases Databases, progress io.Writer) (all []Mutant, err error) {
	var columns []column
	var original oracle
	err = connected(ctx, databases.Original, func(conn *pgx.Conn) (err error) {
		if columns, err = columnsOf(ctx, conn); err != nil {
			return err
		}
		original, err = ask(ctx, conn, defs, true)
		return err
	})
	if err != nil {
		return nil, err
	}
	before, err := look(ctx, defs, databases.Original)
	if err != nil {
		return nil, err
	}
	if len(before.named) > 0 {
		return nil, fmt.Errorf("the queries %q have findings already: fix them first", before.named)
	}
	t := trial{defs, databases, columns, original, before}
	return inTurn(ctx, progress, columns, func(ctx context.Context, c column) (mutated []Mutant, err error) {
		for _, change := range c.changes() {
			m := Mutant{Kind: change.kind, Target: c.target(), Change: change.words}
			if err := m.tryColumn(ctx, t, c, change); err != nil {
				return nil, fmt.Errorf("%s: %w", m.Kind, err)
			}
			mutated = append(mutated, m)
		}
		return mutated, nil
	})
}

// trial is what mutants are held against.
type trial struct {
	defs      iter.Seq[sqlcheck.Definition]
	databases Databases
	columns   []column
	original  oracle
	before    view
}

// view is what the checks see of a database.
type view struct {
	named     []string // the queries with findings
	snapshots map[string]snapshot.Query
	tables    []schema.Table
}

func look(ctx context.Context, defs iter.Seq[sqlcheck.Definition], url string) (v view, err error) {
	queries, err := inspect.Queries(ctx, defs, url)
	if err != nil {
		return v, err
	}
	v.snapshots = map[string]snapshot.Query{}
	for _, q := range queries {
		v.snapshots[q.Snapshot.Name] = q.Snapshot
		if len(q.Findings) > 0 {
			v.named = append(v.named, q.Snapshot.Name)
		}
	}
	s, err := schema.Read(ctx, url)
	v.tables = s.Tables
	return v, err
}

func (m *Mutant) tryColumn(ctx context.Context, t trial, c column, change change) error {
	return t.databases.clone(ctx, func(url string) error {
		if err := apply(ctx, url, change.attempts); err != nil {
			return err
		}
		var now oracle
		err := connected(ctx, url, func(conn *pgx.Conn) (err error) {
			now, err = ask(ctx, conn, t.defs, false)
			return err
		})
		if err != nil {
			return err
		}
		after, err := look(ctx, t.touched(c, now), url)
		if err != nil {
			return err
		}
		m.Named = after.named
		m.Missed = without(t.expected(c, m.Kind, now), after.named)
		if m.Kind == Widen {
			// The Go type may hold the new type too; then the snapshot changes.
			m.Missed = without(m.Missed, t.before.changed(after))
		}
		m.conclude(len(t.original.dependents(c)) > 0, !reflect.DeepEqual(t.before.tables, after.tables), c.purpose)
		return nil
	})
}

// touched are the definitions that a change of the column may concern: those
// that the server now answers otherwise, and those whose statements read the
// column's table, or what isn't the table of any column here, like a view. The
// others needn't be checked again for each change.
func (t trial) touched(c column, now oracle) iter.Seq[sqlcheck.Definition] {
	changed := t.original.changed(now)
	return func(yield func(sqlcheck.Definition) bool) {
		for d := range t.defs {
			if (slices.Contains(changed, d.Name) || t.reaches(d.Name, c)) && !yield(d) {
				return
			}
		}
	}
}

// reaches reports whether a query may reach the column's table. One of whose
// columns the server said nothing may.
func (t trial) reaches(query string, c column) bool {
	places := t.original.depends[query]
	for p := range places {
		other := slices.ContainsFunc(t.columns, func(o column) bool { return o.relation == p.relation && o.relation != c.relation })
		if !other {
			return true
		}
	}
	return len(places) == 0
}

// expected are the queries that a check has to name.
func (t trial) expected(c column, kind Kind, now oracle) []string {
	changed := t.original.changed(now)
	switch kind {
	case Rename, Drop:
		for _, q := range t.original.dependents(c) {
			if !slices.Contains(changed, q) {
				changed = append(changed, q)
			}
		}
	case Null:
		changed = append(changed, t.original.receivers(c, t.defs, holdsNull)...)
	default: // those that the server answers otherwise
	}
	return changed
}

func (m *Mutant) conclude(used, differs bool, purpose string) {
	switch {
	case len(m.Missed) > 0:
		m.Check = Survived
	case len(m.Named) > 0:
		m.Check = TypeCheck
	case used && differs && m.Kind != Rename && m.Kind != Drop:
		m.Check = Snapshot
	case !used && purpose != "":
		m.Check, m.Why = Unused, purpose
	default:
		m.Check = Survived
	}
}

// changed are the queries whose snapshots differ, of those that were looked at now.
func (v view) changed(now view) (queries []string) {
	for name, q := range now.snapshots {
		if !reflect.DeepEqual(q, v.snapshots[name]) {
			queries = append(queries, name)
		}
	}
	return queries
}

// without lists, sorted, the names in all that are not in some.
func without(all, some []string) (rest []string) {
	for _, s := range all {
		if !slices.Contains(some, s) && !slices.Contains(rest, s) {
			rest = append(rest, s)
		}
	}
	slices.Sort(rest)
	return rest
}
