// Package plans looks at how PostgreSQL would run each registered query on the
// amounts of data that are in a database, and refuses plans that grow with a
// table.
//
// The plan looked at is the generic one, which serves any arguments, and all of
// it: subqueries, common table expressions, the parts of writes, partitions.
// On a table of a set size a plan must not
//
//   - scan the table sequentially;
//   - walk an index without a condition, unless a LIMIT takes the first rows
//     in the index's order and neither a filter nor a join below it can make it
//     read on;
//   - sort as many rows as that size, by the planner's estimate;
//
// unless the query's definition says why (sqlcheck.Gate). A condition on a
// later column of an index alone counts as a condition. Partitions count
// together. Statements that have no plan, like COPY, are not looked at, nor is
// what functions and triggers do.
package plans

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// DefaultLarge is how many rows make a table large.
const DefaultLarge = 10_000

// Report is what Check found.
type Report struct {
	Postgres string    // the server's major version
	Plans    []Plan    // of each variant that has one, by query and variant
	Findings []Finding // by query
	Indexes  []Unused  // that no plan uses, by name
	Columns  []Unused  // that no query reads, by table
}

// Plan is the shape of a variant's plan: its nodes and conditions, without
// costs and sizes.
type Plan struct {
	Query, Variant, Shape string
}

// Unused is an index, or a column, that no query needs.
type Unused struct {
	Name  string // schema.index, or schema.table.column
	Table string
	Why   string // what it is for all the same, such as "primary key"; empty: nothing known
}

// Check plans every variant of the definitions on the database, whose tables
// hold representative rows and were analyzed. ANALYZE takes a sample, by which
// plans that cost nearly the same may change places from one run to the next:
// SET default_statistics_target = 4000 before it reads up to 1,200,000 rows of
// a table, and the same rows then give the same plans. Tables of large rows or more, 0
// is DefaultLarge, are those that the rules are about. It changes nothing.
func Check(ctx context.Context, conn *pgx.Conn, definitions iter.Seq[sqlcheck.Definition], large int) (Report, error) {
	c, err := readCatalog(ctx, conn)
	if err != nil {
		return Report{}, err
	}
	viewed, err := viewReads(ctx, conn)
	if err != nil {
		return Report{}, fmt.Errorf("reading the views: %w", err)
	}
	u := &usage{catalog: c, indexes: map[string]bool{}, columns: map[uint32][]int16{}}
	u.read(viewed)
	report := Report{Postgres: c.postgres}
	least := float64(cmp.Or(large, DefaultLarge))
	for d := range definitions {
		found := map[string][]*fault{}
		var refused error
		for _, v := range d.Variants {
			s, err := explain(ctx, conn, v)
			if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) {
				refused = err
				continue
			}
			if err != nil {
				return report, fmt.Errorf("%s: query %q, variant %q: %w", d.Source, d.Name, v.Name, err)
			}
			if s.plan == nil {
				continue
			}
			u.add(s)
			found[v.Name] = faults(s, c, least)
			s.plan.fold(c)
			report.Plans = append(report.Plans, Plan{d.Name, v.Name, s.plan.shape()})
		}
		report.Findings = append(report.Findings, applyGate(d, found, c.large(least))...)
		if refused != nil {
			report.Findings = append(report.Findings, refusal(d, refused))
		}
	}
	report.Indexes, report.Columns = u.unusedIndexes(), u.unusedColumns()
	return report, nil
}

func refusal(d sqlcheck.Definition, err error) Finding {
	return Finding{
		Source: d.Source, Query: d.Name, Of: len(d.Variants), Rule: Refused,
		Detail: "PostgreSQL refuses it: " + err.Error(), Fix: "run sqlcheck prepare, which says why",
	}
}

// usage gathers what the plans use.
type usage struct {
	catalog *catalog
	indexes map[string]bool // by the root's name
	columns map[uint32][]int16
}

// add takes both plans, since small tables are scanned whatever indexes there
// are; that one of them is walked whole then is no use of it.
func (u *usage) add(s statement) {
	s.plan.walk(u.indexOf(false))
	s.without.walk(u.indexOf(true))
	u.read(s.reads)
}

func (u *usage) indexOf(forced bool) func(n *node, above []*node) {
	return func(n *node, above []*node) {
		for _, arbiter := range n.Arbiters {
			u.indexes[n.Schema+"."+arbiter] = true
		}
		switch {
		case n.Type == "Bitmap Index Scan":
			for _, up := range slices.Backward(above) {
				if t := u.catalog.tables[up.table()]; t != nil {
					u.indexes[u.catalog.bitmapIndex(n, t.root)] = true
					return
				}
			}
		case n.Index != "" && !(forced && n.whole(above)):
			u.indexes[u.catalog.rootIndex(n)] = true
		}
	}
}

func (u *usage) read(columns map[uint32][]int16) {
	for relation, numbers := range columns {
		u.columns[relation] = append(u.columns[relation], numbers...)
	}
}

func (u *usage) unusedIndexes() (unused []Unused) {
	for _, i := range u.catalog.indexes {
		if i.name == i.root && !u.indexes[i.name] {
			unused = append(unused, Unused{i.name, i.table, i.why})
		}
	}
	slices.SortFunc(unused, func(a, b Unused) int { return cmp.Compare(a.Name, b.Name) })
	return unused
}

func (u *usage) unusedColumns() (unused []Unused) {
	for _, c := range u.catalog.columns {
		if read := u.columns[c.relation]; !slices.Contains(read, c.number) && !slices.Contains(read, 0) {
			unused = append(unused, Unused{c.table + "." + c.name, c.table, c.why})
		}
	}
	return unused
}
