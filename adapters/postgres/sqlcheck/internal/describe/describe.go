// Package describe asks a migrated database what one statement takes and
// gives: the types of its parameters, and the names, types and origins of its
// result columns, and whether and why each can be NULL.
//
// Whether a column can be NULL is read from the tree that the server makes of
// the statement, not from a plan, so that it doesn't depend on the data. A
// column that is said to be never NULL is so for all rows that the schema
// admits; where that can't be proved the column is said to be nullable, with
// the reason. The elements of arrays are not looked at: the server can't
// refuse a NULL among them.
//
// PostgreSQL 14 or later is needed.
package describe

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nulls"
)

// Describer describes statements on one connection. It remembers what it read
// of the catalogs and what it answered, so it is for a schema that doesn't
// change meanwhile. It is for one goroutine, and its connection must not be in
// a transaction.
type Describer struct {
	catalog *catalog
	known   map[string]described // by text and what is known of the values
}

// described is an answer, or a refusal.
type described struct {
	statement Statement
	refused   *Error
}

// New returns a Describer. The caller still closes conn, whose user must be
// allowed to create temporary functions.
func New(conn *pgx.Conn) *Describer { return &Describer{newCatalog(conn), map[string]described{}} }

// Statement is what the server says of a statement.
type Statement struct {
	Params  []Param
	Columns []Column
}

// Param is a placeholder.
type Param struct {
	Type Type
	// Column is the column that refuses NULL to which the parameter is
	// written, like "shop.orders.customer", or "".
	Column string
}

// Column is a result column.
type Column struct {
	Name string
	Type Type // of a domain, what it is made of
	// Null says why the column can be NULL; "" if it never is.
	Null string
	// Table and Origin are the table or view, like "shop.orders", and the
	// column of it whose value this is; "" if it is computed.
	Table, Origin string
}

// Nullable reports whether the column can be NULL.
func (c Column) Nullable() bool { return c.Null != "" }

// Values is what is known of the values that a parameter is given.
type Values struct {
	NotNull         bool
	ElementsNotNull bool // of an array
}

// Statement describes a statement. Of a parameter without values nothing is
// known. If the server refuses the statement the error is an *Error. What is
// asked again is answered with the same slices, which are not to be changed.
func (d *Describer) Statement(ctx context.Context, text string, values ...Values) (Statement, error) {
	key := fmt.Sprint(values, text)
	if known, ok := d.known[key]; ok && known.refused != nil {
		return Statement{}, known.refused
	} else if ok {
		return known.statement, nil
	}
	s, err := d.ask(ctx, text, values)
	if refused := (*Error)(nil); err == nil || errors.As(err, &refused) {
		d.known[key] = described{s, refused}
	}
	return s, err
}

func (d *Describer) ask(ctx context.Context, text string, values []Values) (Statement, error) {
	conn := d.catalog.conn
	prepared, err := conn.PgConn().Prepare(ctx, "", text, nil)
	if err != nil {
		return Statement{}, d.refused(ctx, text, err)
	}
	r := reading{d.catalog, ctx}
	s, err := r.signature(prepared)
	if err != nil {
		return s, err
	}
	query, err := d.analyse(ctx, text, s, func(pgx.Tx) error { return nil })
	if err != nil {
		return s, err
	}
	if query == nil {
		for i := range s.Columns {
			s.Columns[i].Null = "the server doesn't analyse statements of this kind"
		}
		return s, nil
	}
	return s, r.describeNulls(&s, query, values)
}

func (r reading) describeNulls(s *Statement, query *nodetree.Node, values []Values) error {
	refused, err := nulls.Refused(r, query)
	if err != nil {
		return err
	}
	known := make([]nulls.Param, len(s.Params))
	for i := range s.Params {
		s.Params[i].Column = refused[i+1]
		if i < len(values) {
			known[i] = nulls.Param(values[i])
		}
	}
	if len(s.Columns) == 0 {
		return nil
	}
	whys, err := nulls.Query(r, known, query)
	if err != nil {
		return err
	}
	if len(whys) != len(s.Columns) {
		return fmt.Errorf("the server's tree has %d columns, its description %d", len(whys), len(s.Columns))
	}
	for i, why := range whys {
		s.Columns[i].Null = string(why)
	}
	return nil
}

// signature reads the server's description of a prepared statement.
func (r reading) signature(prepared *pgconn.StatementDescription) (Statement, error) {
	var s Statement
	types, err := r.typesOf(prepared.ParamOIDs)
	if err != nil {
		return s, err
	}
	for _, t := range types {
		s.Params = append(s.Params, Param{Type: t})
	}
	for _, f := range prepared.Fields {
		c := Column{Name: f.Name}
		if c.Type, err = r.Type(f.DataTypeOID); err != nil {
			return s, err
		}
		if f.TableOID != 0 {
			relation, err := r.Relation(f.TableOID)
			if err != nil {
				return s, err
			}
			c.Table, c.Origin = relation.Name, relation.Columns[int(f.TableAttributeNumber)].Name
		}
		s.Columns = append(s.Columns, c)
	}
	return s, nil
}

// analyse has the server analyse a statement, as the body of a function that
// is never kept, and calls look while the function is there. It returns nil for
// a statement that the server doesn't analyse, such as SHOW.
func (d *Describer) analyse(ctx context.Context, text string, s Statement, look func(pgx.Tx) error) (*nodetree.Node, error) {
	tx, err := d.catalog.conn.Begin(ctx)
	if err != nil {
		return nil, err
	}
	tree, err := bodyOf(ctx, tx, text, s)
	if err == nil {
		err = look(tx)
	}
	if rollback := tx.Rollback(ctx); err == nil {
		err = rollback
	}
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) && pg.Code == featureNotSupported {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("asking the server for its analysis: %w", err)
	}
	return queryIn(tree)
}

const featureNotSupported = "0A000"

func bodyOf(ctx context.Context, tx pgx.Tx, text string, s Statement) (tree string, err error) {
	var names []string
	for _, p := range s.Params {
		names = append(names, p.Type.Name)
	}
	returns := "void"
	if len(s.Columns) > 0 {
		returns = "SETOF record"
	}
	create := fmt.Sprintf("CREATE FUNCTION pg_temp.sqlcheck_statement(%s) RETURNS %s LANGUAGE sql BEGIN ATOMIC %s\n; END",
		strings.Join(names, ", "), returns, strings.TrimRight(text, "; \t\r\n"))
	if _, err := tx.Exec(ctx, create, pgx.QueryExecModeSimpleProtocol); err != nil {
		return "", err
	}
	const body = `
		SELECT prosqlbody::text FROM pg_catalog.pg_proc
		WHERE proname = 'sqlcheck_statement' AND pronamespace = pg_my_temp_schema()`
	err = tx.QueryRow(ctx, body).Scan(&tree)
	return tree, err
}
