// Package inspect looks at registered queries, as Go values: it lists them as
// snapshots, type checks them on a migrated database, and looks at their plans
// on one that is filled.
package inspect

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/plans"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/typecheck"
)

// Query is a registered query or COPY.
type Query struct {
	Snapshot snapshot.Query
	File     string
	Line     int
	Findings []Finding
}

// Finding is something wrong with a query.
type Finding struct {
	Subject  string // as in typecheck.Finding
	Problem  string
	Fix      string
	Want     string // a Go type as snapshot.GoType writes it
	Variants int    // how many have it
	// Kind, Name and Relations are as in describe.Error, of a statement that
	// the server refuses.
	Kind      describe.Kind
	Name      string
	Relations []describe.Relation
}

// Queries lists definitions. Unless url, of a migrated database, is "", it type
// checks them too.
func Queries(ctx context.Context, defs iter.Seq[sqlcheck.Definition], url string) (all []Query, err error) {
	if url == "" {
		for def := range defs {
			all = append(all, query(def))
		}
		return all, nil
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	d := describe.New(conn)
	for def := range defs {
		q := query(def)
		if err := q.typecheck(ctx, d, def); err != nil {
			return nil, fmt.Errorf("%s: %w", def.Source, err)
		}
		all = append(all, q)
	}
	return all, nil
}

// Plans checks the plans of definitions on the database at url.
func Plans(ctx context.Context, defs iter.Seq[sqlcheck.Definition], url string) (plans.Report, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return plans.Report{}, err
	}
	defer conn.Close(ctx)
	return plans.Check(ctx, conn, defs, plans.DefaultLarge)
}

func query(def sqlcheck.Definition) Query {
	q := Query{Snapshot: define(def), File: def.Source}
	if i := strings.LastIndex(def.Source, ":"); i >= 0 {
		q.File = def.Source[:i]
		q.Line, _ = strconv.Atoi(def.Source[i+1:]) // 0 if there is no number
	}
	return q
}

func (q *Query) typecheck(ctx context.Context, d *describe.Describer, def sqlcheck.Definition) error {
	findings, err := typecheck.Definition(ctx, d, def)
	if err != nil {
		return err
	}
	for _, f := range findings {
		out := Finding{Subject: f.Subject, Problem: f.Problem, Fix: f.Fix, Want: goType(f.Want), Variants: len(f.Variants)}
		if f.Refused != nil {
			out.Kind, out.Name, out.Relations = f.Refused.Kind, f.Refused.Name, f.Refused.Relations
		}
		q.Findings = append(q.Findings, out)
	}
	for _, v := range def.Variants {
		s, _, err := typecheck.Variant(ctx, d, def, v)
		if refused := (*describe.Error)(nil); errors.As(err, &refused) {
			continue
		}
		if err != nil {
			return err
		}
		learn(&q.Snapshot, v, s)
	}
	return nil
}

// goType turns the type check's name of a Go type, which begins with the name of
// its package, into that of a snapshot, which begins with the package's path.
func goType(name string) string {
	return strings.NewReplacer("json.", "encoding/json.", "netip.", "net/netip.", "pgtype.", "github.com/jackc/pgx/v5/pgtype.").Replace(name)
}

// learn notes what the server says of a variant.
func learn(q *snapshot.Query, v sqlcheck.Variant, s describe.Statement) {
	for i := range q.Statements {
		statement := &q.Statements[i]
		if string(statement.Text) != v.Text || len(statement.Args) > 0 && len(statement.Args) != len(s.Params) {
			continue
		}
		for k := range statement.Args {
			statement.Args[k].Postgres = s.Params[k].Type.Name
		}
	}
	copying := strings.HasPrefix(v.Text, "copy ")
	for i := range q.Row.Fields {
		f := &q.Row.Fields[i]
		if copying && i < len(s.Params) {
			f.Postgres = s.Params[i].Type.Name
		}
		for _, c := range s.Columns {
			if c.Name == f.Column {
				f.Postgres, f.Nullable = c.Type.Name, f.Nullable || c.Nullable()
			}
		}
	}
}
