package doctest_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// schema is what the migrations make.
type schema struct {
	tables map[string]names // their columns; views and partitions too
	// objects are tables, indexes, constraints, triggers, functions and the settings that these read.
	objects names
	// server are the settings, functions and catalogs of PostgreSQL itself.
	server names
}

var latest = pgtest.NewTemplate(migrate.Up)

func migrated(t *testing.T) schema {
	t.Helper()
	conn := pgtest.Connect(t, latest.Database(t))
	s := schema{tables: map[string]names{}, objects: names{}, server: names{}}
	for _, pair := range pairs(t, conn, `
		SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace = 'roster'::regnamespace AND c.relkind IN ('r', 'p', 'v')`) {
		if s.tables[pair[0]] == nil {
			s.tables[pair[0]] = names{}
		}
		s.tables[pair[0]].add(pair[1])
	}
	for _, pair := range pairs(t, conn, `
		SELECT relname, '' FROM pg_class WHERE relnamespace = 'roster'::regnamespace
		UNION SELECT proname, '' FROM pg_proc WHERE pronamespace = 'roster'::regnamespace
		UNION SELECT conname, '' FROM pg_constraint WHERE connamespace = 'roster'::regnamespace
		UNION SELECT tgname, '' FROM pg_trigger WHERE NOT tgisinternal
		UNION SELECT read[1], '' FROM pg_proc p, regexp_matches(p.prosrc, $$current_setting\('roster\.(\w+)'$$, 'g') read
			WHERE p.pronamespace = 'roster'::regnamespace`) {
		s.objects.add(pair[0])
	}
	for _, pair := range pairs(t, conn, `
		SELECT name, '' FROM pg_settings UNION SELECT proname, '' FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
		UNION SELECT relname, '' FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace`) {
		s.server.add(pair[0])
	}
	return s
}

func pairs(t *testing.T, conn *pgx.Conn, sql string) [][2]string {
	t.Helper()
	rows, err := conn.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (pair [2]string, err error) {
		return pair, row.Scan(&pair[0], &pair[1])
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// all are the tables, their columns and all other objects.
func (s schema) all() names {
	found := names{}
	for table, columns := range s.tables {
		for column := range columns {
			found.add(table + "." + column)
		}
	}
	for each := range s.objects {
		found.add(each)
	}
	return found
}
