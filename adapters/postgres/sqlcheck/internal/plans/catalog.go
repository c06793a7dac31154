package plans

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// catalog lists the tables, indexes and columns that are not PostgreSQL's own.
type catalog struct {
	postgres string // the major version

	tables  map[string]*table // by name, with its schema
	indexes map[string]*index
	columns []column
}

// table is a table or one partition.
type table struct {
	name string
	root string // the partitioned table's name, else its own
	rows float64
}

type index struct {
	name, root, table string
	why               string // reason to be without a query
}

type column struct {
	relation uint32
	number   int16
	table    string
	name     string
	why      string // reason to be without a query
}

const userSchemas = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`

func readCatalog(ctx context.Context, conn *pgx.Conn) (*catalog, error) {
	c := &catalog{tables: map[string]*table{}, indexes: map[string]*index{}}
	const version = "SELECT (current_setting('server_version_num')::int / 10000)::text"
	if err := conn.QueryRow(ctx, version).Scan(&c.postgres); err != nil {
		return nil, fmt.Errorf("reading the server's version: %w", err)
	}
	if err := c.readTables(ctx, conn); err != nil {
		return nil, fmt.Errorf("reading the tables: %w", err)
	}
	if err := c.readIndexes(ctx, conn); err != nil {
		return nil, fmt.Errorf("reading the indexes: %w", err)
	}
	if err := c.readColumns(ctx, conn); err != nil {
		return nil, fmt.Errorf("reading the columns: %w", err)
	}
	return c, nil
}

func (c *catalog) readTables(ctx context.Context, conn *pgx.Conn) error {
	const text = `
		SELECT format('%s.%s', n.nspname, r.relname),
			coalesce((SELECT format('%s.%s', pn.nspname, p.relname) FROM pg_class p
				JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE p.oid = pg_partition_root(r.oid)),
				format('%s.%s', n.nspname, r.relname)),
			r.reltuples
		FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace
		WHERE r.relkind IN ('r', 'm') AND r.relpersistence <> 't' AND ` + userSchemas
	rows, err := conn.Query(ctx, text)
	if err != nil {
		return err
	}
	var t table
	_, err = pgx.ForEachRow(rows, []any{&t.name, &t.root, &t.rows}, func() error {
		if t.rows < 0 {
			return fmt.Errorf("the planner knows nothing about %s: run ANALYZE", t.name)
		}
		one := t
		c.tables[t.name] = &one
		return nil
	})
	return err
}

// large are the tables of at least so many rows, in all partitions.
func (c *catalog) large(least float64) map[string]bool {
	rows, large := map[string]float64{}, map[string]bool{}
	for _, t := range c.tables {
		rows[t.root] += t.rows
		large[t.root] = rows[t.root] >= least
	}
	return large
}

// A foreign key's columns, in any order, lead the index that its checks walk.
func (c *catalog) readIndexes(ctx context.Context, conn *pgx.Conn) error {
	const text = `
		WITH RECURSIVE roots (index, root) AS (
			SELECT i.indexrelid, i.indexrelid FROM pg_index i WHERE NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)
			UNION ALL
			SELECT h.inhrelid, roots.root FROM roots JOIN pg_inherits h ON h.inhparent = roots.index
		)
		SELECT format('%s.%s', n.nspname, r.relname), format('%s.%s', n.nspname, root.relname), format('%s.%s', tn.nspname, t.relname),
			coalesce(
				(SELECT CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique constraint' ELSE 'exclusion constraint' END
					FROM pg_constraint k WHERE k.conindid = roots.root AND k.contype IN ('p', 'u', 'x') LIMIT 1),
				CASE WHEN i.indisunique THEN 'unique index' END,
				(SELECT 'serves foreign key ' || k.conname FROM pg_constraint k
					WHERE k.contype = 'f' AND k.conrelid = i.indrelid AND i.indpred IS NULL
						AND k.conkey @> (i.indkey::int2[])[0:cardinality(k.conkey) - 1]
						AND k.conkey <@ (i.indkey::int2[])[0:cardinality(k.conkey) - 1] ORDER BY k.conname LIMIT 1),
				'')
		FROM roots
		JOIN pg_index i ON i.indexrelid = roots.index
		JOIN pg_class r ON r.oid = i.indexrelid JOIN pg_namespace n ON n.oid = r.relnamespace
		JOIN pg_class root ON root.oid = roots.root
		JOIN pg_class t ON t.oid = coalesce(pg_partition_root(i.indrelid), i.indrelid) JOIN pg_namespace tn ON tn.oid = t.relnamespace
		WHERE ` + userSchemas
	rows, err := conn.Query(ctx, text)
	if err != nil {
		return err
	}
	var i index
	_, err = pgx.ForEachRow(rows, []any{&i.name, &i.root, &i.table, &i.why}, func() error {
		one := i
		c.indexes[i.name] = &one
		return nil
	})
	return err
}

func (c *catalog) readColumns(ctx context.Context, conn *pgx.Conn) error {
	const text = `
		SELECT r.oid, a.attnum, format('%s.%s', n.nspname, r.relname), a.attname,
			coalesce(
				(SELECT 'in constraint ' || string_agg(k.conname, ', ' ORDER BY k.conname)
					FROM pg_constraint k WHERE k.conrelid = r.oid AND a.attnum = ANY(k.conkey) AND k.contype NOT IN ('c', 'n')),
				(SELECT 'indexed by ' || string_agg(x.relname, ', ' ORDER BY x.relname) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
					WHERE i.indrelid = r.oid AND a.attnum = ANY(i.indkey::int2[])),
				'')
		FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace
		JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE r.relkind IN ('r', 'p', 'm') AND NOT r.relispartition AND r.relpersistence <> 't' AND ` + userSchemas + `
		ORDER BY 3, 2`
	rows, err := conn.Query(ctx, text)
	if err != nil {
		return err
	}
	c.columns, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (k column, err error) {
		err = row.Scan(&k.relation, &k.number, &k.table, &k.name, &k.why)
		return k, err
	})
	return err
}

// rootIndex is the index that a scan of a table or partition uses.
func (c *catalog) rootIndex(n *node) string {
	if i := c.indexes[n.Schema+"."+n.Index]; i != nil {
		return i.root
	}
	return n.Schema + "." + n.Index
}

// bitmapIndex is the same for a bitmap, whose node does not name the schema.
func (c *catalog) bitmapIndex(n *node, table string) string {
	for _, i := range c.indexes {
		if _, name, _ := strings.Cut(i.name, "."); i.table == table && name == n.Index {
			return i.root
		}
	}
	return n.Index
}
