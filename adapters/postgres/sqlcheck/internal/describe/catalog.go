package describe

import (
	"context"
	"fmt"
	"path"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nodetree"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe/internal/nulls"
)

// catalog reads the system catalogs and remembers what it read.
type catalog struct {
	conn      *pgx.Conn
	types     map[uint32]Type
	relations map[uint32]nulls.Relation
	functions map[uint32]nulls.Function
	operators map[uint32]nulls.Operator
	domains   map[uint32]bool
}

func newCatalog(conn *pgx.Conn) *catalog {
	return &catalog{
		conn: conn, types: map[uint32]Type{}, relations: map[uint32]nulls.Relation{},
		functions: map[uint32]nulls.Function{}, operators: map[uint32]nulls.Operator{}, domains: map[uint32]bool{},
	}
}

// reading is the catalog within one call.
type reading struct {
	*catalog
	ctx context.Context
}

var _ nulls.Schema = reading{}

// remember gives what was read of an object before, or reads it.
func remember[T any](known map[uint32]T, oid uint32, kind string, read func() (T, error)) (T, error) {
	if v, ok := known[oid]; ok {
		return v, nil
	}
	v, err := read()
	if err != nil {
		return v, fmt.Errorf("reading the catalog on %s %d: %w", kind, oid, err)
	}
	known[oid] = v
	return v, nil
}

func (r reading) Function(oid uint32) (nulls.Function, error) {
	return remember(r.functions, oid, "function", func() (f nulls.Function, err error) {
		const text = `
			SELECT CASE WHEN n.nspname = 'pg_catalog' THEN '' ELSE n.nspname || '.' END || p.proname,
				p.prokind, l.lanname, p.prosrc, coalesce(p.probin, ''), p.pronargs::int, p.proisstrict, p.oid < 16384
			FROM pg_catalog.pg_proc p
			JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
			JOIN pg_catalog.pg_language l ON l.oid = p.prolang
			WHERE p.oid = $1`
		var kind, library string
		err = r.conn.QueryRow(r.ctx, text, oid).
			Scan(&f.Name, &kind, &f.Language, &f.Source, &library, &f.Arguments, &f.Strict, &f.BuiltIn)
		if err != nil {
			return f, err
		}
		f.Kind = kind[0]
		if library != "" {
			f.Library = path.Base(library)
		}
		return f, nil
	})
}

func (r reading) Operator(oid uint32) (nulls.Operator, error) {
	return remember(r.operators, oid, "operator", func() (o nulls.Operator, err error) {
		const text = "SELECT oprname, oprcode::oid FROM pg_catalog.pg_operator WHERE oid = $1"
		err = r.conn.QueryRow(r.ctx, text, oid).Scan(&o.Name, &o.Function)
		return o, err
	})
}

func (r reading) RefusesNull(domain uint32) (bool, error) {
	return remember(r.domains, domain, "domain", func() (refuses bool, err error) {
		const text = `
			WITH RECURSIVE d AS (
				SELECT typbasetype, typnotnull FROM pg_catalog.pg_type WHERE oid = $1
				UNION ALL
				SELECT t.typbasetype, t.typnotnull FROM pg_catalog.pg_type t JOIN d ON t.oid = d.typbasetype
			)
			SELECT coalesce(bool_or(typnotnull), false) FROM d`
		err = r.conn.QueryRow(r.ctx, text, domain).Scan(&refuses)
		return refuses, err
	})
}

func (r reading) Relation(oid uint32) (nulls.Relation, error) {
	return remember(r.relations, oid, "relation", func() (nulls.Relation, error) {
		relation, err := r.relation(oid)
		if err != nil || relation.Kind != 'v' {
			return relation, err
		}
		const text = `
			SELECT ev_action::text FROM pg_catalog.pg_rewrite WHERE ev_class = $1 AND rulename = '_RETURN'`
		var tree string
		if err := r.conn.QueryRow(r.ctx, text, oid).Scan(&tree); err != nil {
			return relation, err
		}
		relation.View, err = queryIn(tree)
		return relation, err
	})
}

// queryIn reads the query of a view, or of a function of one statement.
func queryIn(tree string) (*nodetree.Node, error) {
	v, err := nodetree.Parse(tree)
	if err != nil {
		return nil, err
	}
	for {
		list, ok := v.(nodetree.List)
		if !ok || len(list) == 0 {
			break
		}
		v = list[0]
	}
	if query, ok := v.(*nodetree.Node); ok && query.Tag == "QUERY" {
		return query, nil
	}
	return nil, fmt.Errorf("the server's tree is no query: %.80s", tree)
}
