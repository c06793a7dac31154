package mutants

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// place is a column of a relation.
type place struct {
	relation uint32
	number   int32
}

// oracle is what the server itself says of the queries, asked without the code
// under test.
type oracle struct {
	// depends are the columns that the statements of a query have in them, as
	// the server would record for a function of them.
	depends map[string]map[place]bool
	// answers are what PREPARE answers, by query and text.
	answers map[string]map[string]string
	// gives are the result columns that are a column's value, by query.
	gives map[string]map[place][]string
}

func ask(ctx context.Context, conn *pgx.Conn, defs iter.Seq[sqlcheck.Definition], dependencies bool) (oracle, error) {
	o := oracle{map[string]map[place]bool{}, map[string]map[string]string{}, map[string]map[place][]string{}}
	for d := range defs {
		o.depends[d.Name], o.answers[d.Name], o.gives[d.Name] = map[place]bool{}, map[string]string{}, map[place][]string{}
		for _, v := range d.Variants {
			text := insertion(v.Text)
			if _, known := o.answers[d.Name][text]; known {
				continue
			}
			if err := o.ask(ctx, conn, d.Name, text, dependencies); err != nil {
				return o, fmt.Errorf("query %q: %w", d.Name, err)
			}
		}
	}
	return o, nil
}

func (o oracle) ask(ctx context.Context, conn *pgx.Conn, query, text string, dependencies bool) error {
	s, err := conn.PgConn().Prepare(ctx, "", text, nil)
	if refused := (*pgconn.PgError)(nil); errors.As(err, &refused) {
		o.answers[query][text] = refused.Code
		return nil
	}
	if err != nil {
		return err
	}
	answer := fmt.Sprint(s.ParamOIDs)
	for _, f := range s.Fields {
		answer += fmt.Sprintf(" %s %d", f.Name, f.DataTypeOID)
		at := place{f.TableOID, int32(f.TableAttributeNumber)}
		o.gives[query][at] = append(o.gives[query][at], f.Name)
	}
	o.answers[query][text] = answer
	if !dependencies {
		return nil
	}
	return o.record(ctx, conn, query, text, s)
}

// record has the server note what a function of the statement depends on.
func (o oracle) record(ctx context.Context, conn *pgx.Conn, query, text string, s *pgconn.StatementDescription) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	var types []string
	for _, oid := range s.ParamOIDs {
		types = append(types, fmt.Sprintf("%d", oid))
	}
	var names string
	const named = `SELECT coalesce(string_agg(format_type(t::oid, NULL), ', ' ORDER BY n), '')
		FROM unnest($1::text[]) WITH ORDINALITY u (t, n)`
	if err := tx.QueryRow(ctx, named, types).Scan(&names); err != nil {
		return err
	}
	returns := "void"
	if len(s.Fields) > 0 {
		returns = "SETOF record"
	}
	_, err = tx.Exec(ctx, "CREATE FUNCTION pg_temp.mutants_statement("+names+") RETURNS "+returns+" LANGUAGE sql BEGIN ATOMIC "+text+"; END",
		pgx.QueryExecModeSimpleProtocol)
	if refused := (*pgconn.PgError)(nil); errors.As(err, &refused) {
		return nil // a statement such as LOCK, which has no columns
	}
	if err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `SELECT refobjid, refobjsubid FROM pg_depend
		WHERE classid = 'pg_proc'::regclass AND refclassid = 'pg_class'::regclass AND refobjsubid > 0
			AND objid = (SELECT oid FROM pg_proc WHERE proname = 'mutants_statement' AND pronamespace = pg_my_temp_schema())`)
	if err != nil {
		return err
	}
	var at place
	_, err = pgx.ForEachRow(rows, []any{&at.relation, &at.number}, func() error {
		o.depends[query][at] = true
		return nil
	})
	return err
}

// unplannable reports whether the server can't make a plan of a text for any
// values. A statement that has no plan is not unplannable.
func unplannable(ctx context.Context, conn *pgx.Conn, text string) (bool, error) {
	s, err := conn.PgConn().Prepare(ctx, "", text, nil)
	if refused := (*pgconn.PgError)(nil); errors.As(err, &refused) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	execute := "EXPLAIN EXECUTE mutants_plan"
	if n := len(s.ParamOIDs); n > 0 {
		execute += "(" + strings.Repeat("NULL, ", n-1) + "NULL)"
	}
	script := "SET plan_cache_mode = force_generic_plan; PREPARE mutants_plan AS " + text + ";" + execute
	_, err = conn.Exec(ctx, script, pgx.QueryExecModeSimpleProtocol)
	undo := conn.DeallocateAll(ctx)
	const syntax = "42601" // PREPARE takes no utility statements
	if refused := (*pgconn.PgError)(nil); errors.As(err, &refused) {
		return refused.Code != syntax, undo
	}
	return false, errors.Join(err, undo)
}

// insertion is an INSERT in place of a COPY of the same columns.
func insertion(text string) string {
	table, ok := strings.CutPrefix(text, "copy ")
	if !ok {
		return text
	}
	table, _, _ = strings.Cut(table, " from stdin")
	_, columns, _ := strings.Cut(table, "(")
	var values []string
	for i := range strings.Split(columns, ",") {
		values = append(values, fmt.Sprintf("$%d", i+1))
	}
	return "INSERT INTO " + table + " VALUES (" + strings.Join(values, ", ") + ")"
}

// dependents are the queries that have the column in them.
func (o oracle) dependents(c column) (queries []string) {
	for query, places := range o.depends {
		if places[place{c.relation, c.number}] {
			queries = append(queries, query)
		}
	}
	slices.Sort(queries)
	return queries
}

// changed are the queries that the server now answers otherwise.
func (o oracle) changed(now oracle) (queries []string) {
	for query, answers := range o.answers {
		if !reflect.DeepEqual(answers, now.answers[query]) {
			queries = append(queries, query)
		}
	}
	slices.Sort(queries)
	return queries
}

// receivers are the queries that give the column's value to a field without a
// place for NULL. Those are left out whose conditions on the column could
// refuse NULL, and those that give what they insert themselves: whether that
// can be NULL is a question of the value, not of the column.
func (o oracle) receivers(
	c column, defs iter.Seq[sqlcheck.Definition], holdsNull func(d sqlcheck.Definition, result string) bool,
) (queries []string) {
	exempt := exemption(c)
	for d := range defs {
		exposed := slices.ContainsFunc(d.Variants, func(v sqlcheck.Variant) bool { return !exempt.MatchString(v.Text) })
		for _, name := range o.gives[d.Name][place{c.relation, c.number}] {
			if exposed && !holdsNull(d, name) && !slices.Contains(queries, d.Name) {
				queries = append(queries, d.Name)
			}
		}
	}
	return queries
}

// exemption finds a condition on the column, or an INSERT of it.
func exemption(c column) *regexp.Regexp {
	name := `\b` + regexp.QuoteMeta(c.name) + `\b`
	return regexp.MustCompile(`(?is)` + strings.Join([]string{
		name + `[ )]*(=|<|>|~|in\b|is not null|collate)`,
		`(=|<|>|any *\() *(\w+\.)?` + name,
		`using *\([^)]*` + name,
		`insert into +` + regexp.QuoteMeta(c.table) + `( +as +\w+)? *\([^)]*` + name,
	}, "|"))
}

func holdsNull(d sqlcheck.Definition, column string) bool {
	for _, f := range reflect.VisibleFields(d.Row) {
		if f.Tag.Get("db") == column {
			return f.Type.Kind() == reflect.Pointer || f.Type.Kind() == reflect.Slice
		}
	}
	return false
}
