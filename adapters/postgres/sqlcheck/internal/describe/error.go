package describe

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Kind is what the server finds wrong with a statement.
type Kind string

// The kinds that have a likely cause in a changed schema; Other is the rest.
const (
	UndefinedColumn   Kind = "undefined column"
	UndefinedTable    Kind = "undefined table"
	UndefinedFunction Kind = "undefined function"
	TypeMismatch      Kind = "type mismatch"
	Syntax            Kind = "syntax error"
	Other             Kind = "other"
)

var kinds = map[string]Kind{
	"42703": UndefinedColumn, "42P01": UndefinedTable, "3F000": UndefinedTable, "42883": UndefinedFunction,
	"42804": TypeMismatch, "42601": Syntax,
}

// Error is a statement that the server refuses.
type Error struct {
	Kind Kind
	// Name is what is missing, as the statement writes it: "u.email", "email",
	// "shop.order". It is "" for other kinds of errors.
	Name string
	// Line and Column are the place in the text, from 1; 0 if the server
	// doesn't say.
	Line, Column int
	// Relations are those that the statement names and that exist. When a
	// column of u is missing, only u.
	Relations []Relation
	Cause     *pgconn.PgError
}

// Relation is a relation that a statement names.
type Relation struct {
	Name    string // with its schema
	Alias   string // what the statement calls it
	Columns []string
}

func (e *Error) Error() string {
	place := ""
	if e.Line > 0 {
		place = fmt.Sprintf("line %d, column %d: ", e.Line, e.Column)
	}
	if e.Cause.Hint != "" {
		return place + e.Cause.Message + " (" + e.Cause.Hint + ")"
	}
	return place + e.Cause.Message
}

// Unwrap gives the server's own error.
func (e *Error) Unwrap() error { return e.Cause }

// refused makes an Error of the server's.
func (d *Describer) refused(ctx context.Context, text string, err error) error {
	pg := (*pgconn.PgError)(nil)
	if !errors.As(err, &pg) {
		return err
	}
	e := &Error{Kind: Other, Cause: pg}
	if kind, ok := kinds[pg.Code]; ok {
		e.Kind = kind
	}
	at := offset(text, int(pg.Position))
	if at >= 0 {
		before := text[:at]
		e.Line = strings.Count(before, "\n") + 1
		e.Column = utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1
	}
	if e.Kind != UndefinedColumn && e.Kind != UndefinedTable {
		return e
	}
	words := wordsOf(text)
	e.Name = nameAt(words, at)
	if e.Relations, err = d.relationsIn(ctx, words); err != nil {
		return errors.Join(e, err)
	}
	if qualifier, _, ok := cutLast(e.Name, "."); ok && e.Kind == UndefinedColumn {
		e.Relations = only(e.Relations, qualifier)
	}
	return e
}

// offset gives the byte of the server's position, which counts characters
// from 1; -1 if it gives none.
func offset(text string, position int) int {
	if position < 1 {
		return -1
	}
	for i := range text {
		if position--; position == 0 {
			return i
		}
	}
	return len(text)
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// only gives the relations that a qualifier means, or else all.
func only(relations []Relation, qualifier string) []Relation {
	for _, r := range relations {
		if r.Alias == qualifier || r.Name == qualifier {
			return []Relation{r}
		}
	}
	return relations
}

// relationsIn finds the relations that a statement names.
func (d *Describer) relationsIn(ctx context.Context, words []word) ([]Relation, error) {
	const text = `
		SELECT n.nspname || '.' || c.relname,
			array(SELECT a.attname::text FROM pg_catalog.pg_attribute a
				WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)
		FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE c.oid = to_regclass($1)`
	var found []Relation
	for _, named := range namedRelations(words) {
		r := Relation{Alias: named.alias}
		err := d.catalog.conn.QueryRow(ctx, text, named.name).Scan(&r.Name, &r.Columns)
		if errors.Is(err, pgx.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading the catalog on %s: %w", named.name, err)
		}
		found = append(found, r)
	}
	return found, nil
}
