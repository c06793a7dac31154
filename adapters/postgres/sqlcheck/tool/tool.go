// Package tool is what the command sqlcheck runs within a program whose queries
// it checks, where they are values of Go: it lists them and judges them. The
// command makes a main package that imports the program's and calls Main.
package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/describe/judge"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/lock"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/plans"
)

// Report is what is told of a program's queries.
type Report struct {
	Queries []Query
	Plans   plans.Report
	Error   string // why there are none
}

// Query is a registered query or COPY.
type Query struct {
	Lock     lock.Query
	File     string
	Line     int
	Findings []Finding
}

// Finding is what is wrong with a query.
type Finding struct {
	Subject  string // as in judge.Finding
	Problem  string
	Fix      string
	Want     string // a Go type as lock.GoType writes it
	Variants int    // how many have it
	// Kind, Name and Relations are as in describe.Error, of a statement that
	// the server refuses.
	Kind      describe.Kind
	Name      string
	Relations []describe.Relation
}

// Main writes a Report of all registered queries in JSON. With the URL of a
// migrated database as the argument the queries are also judged; with "plans"
// before the URL, of a database that has many rows, so are their plans.
func Main(ctx context.Context, w io.Writer, args []string) error {
	var report Report
	var err error
	if len(args) == 2 && args[0] == "plans" {
		report.Plans, err = Plans(ctx, sqlcheck.All(), args[1])
	} else {
		report.Queries, err = Queries(ctx, sqlcheck.All(), strings.Join(args, ""))
	}
	if err != nil {
		report = Report{Error: err.Error()}
	}
	return json.NewEncoder(w).Encode(report)
}

// Queries lists definitions. Unless url, of a migrated database, is "" they are
// judged too.
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
		if err := q.judge(ctx, d, def); err != nil {
			return nil, fmt.Errorf("%s: %w", def.Source, err)
		}
		all = append(all, q)
	}
	return all, nil
}

// Plans judges the plans of definitions on the database at url.
func Plans(ctx context.Context, defs iter.Seq[sqlcheck.Definition], url string) (plans.Report, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return plans.Report{}, err
	}
	defer conn.Close(ctx)
	return plans.Check(ctx, conn, defs, plans.DefaultLarge)
}

func query(def sqlcheck.Definition) Query {
	q := Query{Lock: define(def), File: def.Source}
	if i := strings.LastIndex(def.Source, ":"); i >= 0 {
		q.File = def.Source[:i]
		q.Line, _ = strconv.Atoi(def.Source[i+1:]) // 0 if there is no number
	}
	return q
}

func (q *Query) judge(ctx context.Context, d *describe.Describer, def sqlcheck.Definition) error {
	findings, err := judge.Definition(ctx, d, def)
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
		s, _, err := judge.Variant(ctx, d, def, v)
		if refused := (*describe.Error)(nil); errors.As(err, &refused) {
			continue
		}
		if err != nil {
			return err
		}
		learn(&q.Lock, v, s)
	}
	return nil
}

// goType turns the judge's word for a Go type, which has the package's name,
// into that of the lock, which has its path.
func goType(name string) string {
	return strings.NewReplacer("json.", "encoding/json.", "netip.", "net/netip.").Replace(name)
}

// learn notes what the server says of a variant.
func learn(q *lock.Query, v sqlcheck.Variant, s describe.Statement) {
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
