package mutants

import (
	"context"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/released"
)

// Released mutates the schema and holds each mutant against the queries of a
// release: columns as Columns does, then tables, unique indexes and functions,
// and last what a release must bear, such as a new index.
func Released(ctx context.Context, r released.Release, databases Databases, progress io.Writer) ([]Mutant, error) {
	t := releaseTrial{release: r, trial: trial{defs: definitionsOf(r), databases: databases}}
	var objects []object
	err := connected(ctx, databases.Original, func(conn *pgx.Conn) (err error) {
		if t.columns, err = columnsOf(ctx, conn); err != nil {
			return err
		}
		if objects, err = objectsOf(ctx, conn); err != nil {
			return err
		}
		if t.original, err = ask(ctx, conn, t.defs, true); err != nil {
			return err
		}
		found, err := r.Check(ctx, conn, nil)
		if len(found) > 0 {
			return fmt.Errorf("the query %q of %s has findings already: %s", found[0].Query, r.Version, found[0].Problem)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	columns, err := inTurn(ctx, progress, t.columns, t.column)
	if err != nil {
		return nil, err
	}
	others, err := inTurn(ctx, progress, objects, t.object)
	return append(columns, others...), err
}

// releaseTrial is what mutants are held against.
type releaseTrial struct {
	trial
	release released.Release
}

// definitionsOf are the queries of a release as the oracle takes them.
func definitionsOf(r released.Release) iter.Seq[sqlcheck.Definition] {
	return func(yield func(sqlcheck.Definition) bool) {
		for _, q := range r.Queries {
			d := sqlcheck.Definition{Name: q.Name}
			for _, s := range q.Statements {
				d.Variants = append(d.Variants, sqlcheck.Variant{Text: s.Text})
			}
			if !yield(d) {
				return
			}
		}
	}
}

func (t releaseTrial) column(ctx context.Context, c column) (all []Mutant, err error) {
	for _, change := range c.changes() {
		m := Mutant{Kind: change.kind, Target: c.target(), Change: change.words}
		expected := func(now oracle) []string {
			switch m.Kind {
			case Null:
				return append(t.original.changed(now), t.original.receivers(c, t.defs, t.holdsNull)...)
			case NotNull:
				return append(t.original.dependents(c), t.omitting(c, c.filled || c.generated)...)
			case Retype, Widen: // which drop the default
				return slices.Concat(t.original.changed(now), t.original.dependents(c), t.omitting(c, c.nullable || !c.filled))
			default:
				return slices.Concat(t.original.changed(now), t.original.dependents(c), t.naming(c))
			}
		}
		if err := t.try(ctx, &m, c.relation, change.attempts, expected); err != nil {
			return nil, fmt.Errorf("%s: %w", m.Kind, err)
		}
		all = append(all, m)
	}
	return all, nil
}

// holdsNull reports whether the Go type of a result, as the release wrote it,
// has a place for NULL.
func (t releaseTrial) holdsNull(d sqlcheck.Definition, result string) bool {
	for _, q := range t.release.Queries {
		for _, r := range q.Results {
			if q.Name == d.Name && r.Column == result {
				return r.Nullable || r.Go[0] == '*' || strings.HasPrefix(r.Go, "[]") || strings.HasSuffix(r.Go, ".RawMessage")
			}
		}
	}
	return false
}

// omitting are the queries with an INSERT that leaves a column out, unless it may
// be left out.
func (t releaseTrial) omitting(c column, mayBeLeftOut bool) []string {
	return t.having(func(text string) bool {
		return !mayBeLeftOut && slices.ContainsFunc(insertedColumns(text, c.table), func(names []string) bool {
			return !slices.Contains(names, c.name)
		})
	})
}

// naming are the queries that have the column's full name, as a comment on it.
func (t releaseTrial) naming(c column) []string {
	return t.having(regexp.MustCompile(`\b` + regexp.QuoteMeta(c.target()) + `\b`).MatchString)
}

// having are the queries with a text that is so.
func (t releaseTrial) having(is func(text string) bool) (queries []string) {
	for d := range t.defs {
		if slices.ContainsFunc(d.Variants, func(v sqlcheck.Variant) bool { return is(v.Text) }) {
			queries = append(queries, d.Name)
		}
	}
	return queries
}

// try makes a mutant and compares the queries that the check names with those
// that are expected.
func (t releaseTrial) try(
	ctx context.Context, m *Mutant, relation uint32, attempts [][]string, expected func(now oracle) []string,
) error {
	return t.databases.clone(ctx, func(url string) error {
		if err := apply(ctx, url, attempts); err != nil {
			return err
		}
		return connected(ctx, url, func(conn *pgx.Conn) error {
			now, err := ask(ctx, conn, t.defs, false)
			if err != nil {
				return err
			}
			changed := t.original.changed(now)
			found, err := t.release.Check(ctx, conn, func(query string) bool {
				return !slices.Contains(changed, query) && !t.reaches(query, column{relation: relation})
			})
			for _, f := range found {
				m.Named = append(m.Named, f.Query)
			}
			m.Named = without(m.Named, nil)
			breaks := without(expected(now), nil)
			m.Missed = without(breaks, m.Named)
			if err != nil || len(breaks) > 0 {
				m.concludeReleased(len(breaks) > 0)
				return err
			}
			refused, err := t.refused(ctx, conn, m.Named)
			m.concludeReleased(refused)
			return err
		})
	})
}

// refused reports whether the server can't plan a text of one of the queries: it
// puts the text of a function in SQL into that of the query.
func (t releaseTrial) refused(ctx context.Context, conn *pgx.Conn, queries []string) (refused bool, err error) {
	for d := range t.defs {
		for _, v := range d.Variants {
			if !slices.Contains(queries, d.Name) || refused {
				continue
			}
			if refused, err = unplannable(ctx, conn, v.Text); err != nil {
				return false, err
			}
		}
	}
	return refused, nil
}

func (m *Mutant) concludeReleased(breaks bool) {
	switch {
	case len(m.Missed) > 0:
		m.Check = Survived
	case breaks:
		m.Check = Named
	case len(m.Named) == 0:
		m.Check = Passed
	case m.Kind == Null:
		m.Check = Named // of results that are computed of the column
	default:
		m.Check = FalseAlarm
	}
}
