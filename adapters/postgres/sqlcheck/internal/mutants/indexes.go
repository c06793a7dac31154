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
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/plans"
)

// index is an index that is no partition's.
type index struct {
	name string // with its schema
	drop string
}

func (x index) String() string { return "index " + x.name }

const indexesText = `
	SELECT format('%s.%s', n.nspname, x.relname),
		coalesce('ALTER TABLE ' || k.conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(k.conname) || ' CASCADE',
			format('DROP INDEX %I.%I CASCADE', n.nspname, x.relname))
	FROM pg_index i
	JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = x.relnamespace
	LEFT JOIN pg_constraint k ON k.conindid = x.oid AND k.contype IN ('p', 'u', 'x')
	WHERE NOT x.relispartition AND x.relpersistence <> 't' AND n.nspname !~ '^pg_'
	ORDER BY 1`

// Indexes drops each index, one after the other. A query is expected to be named
// if its plan had the index.
func Indexes(ctx context.Context, defs iter.Seq[sqlcheck.Definition], databases Databases, progress io.Writer) (all []Mutant, err error) {
	var indexes []index
	var before plans.Report
	err = connected(ctx, databases.Original, func(conn *pgx.Conn) (err error) {
		if indexes, err = indexesOf(ctx, conn); err != nil {
			return err
		}
		before, err = plans.Check(ctx, conn, defs, plans.DefaultLarge)
		return err
	})
	if err != nil {
		return nil, err
	}
	return inTurn(ctx, progress, indexes, func(ctx context.Context, x index) ([]Mutant, error) {
		m := Mutant{Kind: DropIndex, Target: x.name}
		var after plans.Report
		err := databases.clone(ctx, func(url string) error {
			if err := apply(ctx, url, [][]string{{x.drop}}); err != nil {
				return err
			}
			return connected(ctx, url, func(conn *pgx.Conn) (err error) {
				after, err = plans.Check(ctx, conn, defs, plans.DefaultLarge)
				return err
			})
		})
		if err != nil {
			return nil, err
		}
		m.concludeIndex(before, after)
		return []Mutant{m}, nil
	})
}

func indexesOf(ctx context.Context, conn *pgx.Conn) ([]index, error) {
	rows, err := conn.Query(ctx, indexesText)
	if err != nil {
		return nil, fmt.Errorf("reading the indexes: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (i index, err error) {
		err = row.Scan(&i.name, &i.drop)
		return i, err
	})
}

func (m *Mutant) concludeIndex(before, after plans.Report) {
	m.Named = namedBy(before, after)
	m.Missed = without(users(before, m.Target), m.Named)
	unused := slices.IndexFunc(before.Indexes, func(u plans.Unused) bool { return u.Name == m.Target })
	switch {
	case len(m.Missed) > 0:
		m.Check = Survived
	case len(m.Named) > 0:
		m.Check = Plan
	case unused >= 0 && before.Indexes[unused].Why != "":
		m.Check, m.Why = Unused, before.Indexes[unused].Why
	default:
		m.Check = Survived
	}
}

// namedBy are the queries with a new finding, or another plan.
func namedBy(before, after plans.Report) (queries []string) {
	shapes, found := map[[2]string]string{}, map[string]bool{}
	for _, p := range before.Plans {
		shapes[[2]string{p.Query, p.Variant}] = p.Shape
	}
	for _, f := range before.Findings {
		found[f.Query+" "+string(f.Rule)+f.Table] = true
	}
	for _, p := range after.Plans {
		if shapes[[2]string{p.Query, p.Variant}] != p.Shape {
			queries = append(queries, p.Query)
		}
	}
	for _, f := range after.Findings {
		if !found[f.Query+" "+string(f.Rule)+f.Table] {
			queries = append(queries, f.Query)
		}
	}
	return without(queries, nil)
}

// users are the queries whose plans have the index.
func users(r plans.Report, name string) (queries []string) {
	_, bare, _ := strings.Cut(name, ".")
	word := regexp.MustCompile(`(using |by: |, |\.)` + regexp.QuoteMeta(bare) + `( on |,|\n|$)`)
	for _, p := range r.Plans {
		if word.MatchString(p.Shape) {
			queries = append(queries, p.Query)
		}
	}
	return queries
}
