package released

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
)

// Finding is what a newer schema breaks of a query of the release.
type Finding struct {
	Query string
	// Variants is how many texts of the query have it, of all its texts.
	Variants, Of int
	// Table and Column are what changed; "" if that is not known.
	Table, Column string
	Problem, Fix  string
}

// What keeps the release running.
const (
	keepColumn  = "keep it in this release beside what replaces it (expand), and drop it in the next (contract)"
	keepType    = "keep the type, and add a column of the new type beside it (expand); drop the old one in the next release (contract)"
	keepNull    = "let it be NULL in this release, and refuse NULL in the next"
	keepNotNull = "let it refuse NULL in this release, since only the next one expects NULL"
	addDefault  = "give it a default, or let it be NULL in this release and refuse NULL in the next"
	keepObject  = "keep in this release what the query needs, and drop it in the next"
	keepUnique  = "keep a unique index or constraint on these columns in this release, and drop it in the next"
)

// Check asks the server about each query of the release, on the migrated
// database of a connection. skip, unless it is nil, leaves queries out.
func (r Release) Check(ctx context.Context, conn *pgx.Conn, skip func(query string) bool) ([]Finding, error) {
	now, err := TablesOf(ctx, conn)
	if err != nil {
		return nil, err
	}
	c := &checker{release: r, conn: conn, describer: describe.New(conn), before: r.Tables, now: now}
	var all []Finding
	for _, q := range r.Queries {
		if skip != nil && skip(q.Name) {
			continue
		}
		found, err := c.query(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("query %q of %s: %w", q.Name, r.Version, err)
		}
		all = append(all, found...)
	}
	return all, nil
}

type checker struct {
	release     Release
	conn        *pgx.Conn
	describer   *describe.Describer
	before, now tables
}

// query checks the texts of a query. Findings that they have in common are one.
func (c *checker) query(ctx context.Context, q Query) ([]Finding, error) {
	var all []Finding
	place := map[string]int{}
	for _, s := range q.Statements {
		found, err := c.statement(ctx, q, s)
		if err != nil {
			return nil, err
		}
		counted := map[string]bool{}
		for _, f := range found {
			if counted[f.Problem] {
				continue
			}
			counted[f.Problem] = true
			at, known := place[f.Problem]
			if !known {
				at = len(all)
				place[f.Problem] = at
				f.Query, f.Of = q.Name, len(q.Statements)
				all = append(all, f)
			}
			all[at].Variants++
		}
	}
	return all, nil
}

func (c *checker) statement(ctx context.Context, q Query, s Statement) ([]Finding, error) {
	described, err := c.describer.Statement(ctx, s.Text, s.values()...)
	if refused := (*describe.Error)(nil); errors.As(err, &refused) {
		return []Finding{c.refusal(s, refused)}, nil
	}
	if err != nil {
		return nil, err
	}
	uses, err := c.describer.Uses(ctx, s.Text)
	if err != nil {
		return nil, err
	}
	if !uses.Analysed {
		return c.named(s.Text), nil
	}
	found, retyped := c.columns(uses.Columns)
	found = append(found, c.leftOut(uses.Inserts)...)
	if len(retyped) == 0 {
		found = append(found, c.params(s.Args, described.Params)...)
	}
	found = append(found, c.results(q.Results, described.Columns, retyped)...)
	unplanned, err := c.plan(ctx, s)
	return append(found, unplanned...), err
}

// plan finds a text that PostgreSQL can't plan.
func (c *checker) plan(ctx context.Context, s Statement) ([]Finding, error) {
	tx, err := c.conn.Begin(ctx)
	if err != nil {
		return nil, err
	}
	execute := "EXPLAIN EXECUTE sqlcheck_released"
	if n := len(s.Args); n > 0 {
		execute += "(" + strings.TrimSuffix(strings.Repeat("NULL, ", n), ", ") + ")"
	}
	for _, text := range []string{
		"SET LOCAL plan_cache_mode = force_generic_plan", "PREPARE sqlcheck_released AS " + s.Text, execute, "DEALLOCATE sqlcheck_released",
	} {
		if _, err = tx.Exec(ctx, text, pgx.QueryExecModeSimpleProtocol); err != nil {
			break
		}
	}
	if undo := tx.Rollback(ctx); undo != nil {
		return nil, errors.Join(err, undo)
	}
	if err == nil {
		return nil, nil
	}
	if dropped := c.conn.DeallocateAll(ctx); dropped != nil {
		return nil, errors.Join(err, dropped)
	}
	return c.unplanned(err)
}
