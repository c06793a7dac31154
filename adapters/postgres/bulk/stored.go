package bulk

import (
	"context"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// storing inserts staged rows. For an import in parts it also returns the lines
// that are new.
type storing[P any] struct {
	all  *sqlcheck.Query[P, sqlcheck.None]
	part *sqlcheck.Query[P, storedRow]
}

// storedRow is a staged line with the key of a new row.
type storedRow struct {
	Line int64  `db:"line"`
	Key  string `db:"key"`
}

// storeDef defines a storing.
type storeDef[P any] struct {
	table string
	// with are the common table expressions of the statement, if it has any.
	with   string
	insert func(P) sq.InsertBuilder
	// returning are the columns of a new row's key. lines joins the new rows,
	// "stored", with the staged lines that have their keys, "s".
	returning, key, lines string
}

func newStoring[P any](def storeDef[P]) storing[P] {
	const once = "ON CONFLICT DO NOTHING"
	return storing[P]{
		all: sqlcheck.New(sqlcheck.Def[P, sqlcheck.None]{
			Name: "bulk.store." + def.table,
			Build: func(p P) sq.Sqlizer {
				insert := def.insert(p).Suffix(once)
				if def.with != "" {
					//sqlcheck:allow the parts are constants of the definitions in this package
					insert = insert.Prefix("WITH " + def.with)
				}
				return insert
			},
		}),
		part: sqlcheck.New(sqlcheck.Def[P, storedRow]{
			Name: "bulk.store_part." + def.table,
			Build: func(p P) sq.Sqlizer {
				with := "WITH "
				if def.with != "" {
					//sqlcheck:allow the parts are constants of the definitions in this package
					with += def.with + ", "
				}
				//sqlcheck:allow the parts are constants of the definitions in this package
				key, stored, returning := def.key+" AS key", with+"stored AS (", once+" RETURNING "+def.returning
				return sq.Select("s.line", key).
					Prefix(stored).
					PrefixExpr(def.insert(p).Suffix(returning)).
					Prefix(")").
					From(def.lines).
					OrderBy("s.line")
			},
		}),
	}
}

func (s storing[P]) run(ctx context.Context, tx sqlcheck.Tx, w *writer, p P) (*storedLines, error) {
	if !w.inParts() {
		count, err := s.all.Exec(ctx, tx, p)
		return &storedLines{count: count}, err
	}
	rows, err := s.part.All(ctx, tx, p)
	if err != nil {
		return nil, err
	}
	lines := &storedLines{rows: rows, bad: map[int64]bool{}}
	keys := map[string]bool{}
	for _, row := range rows {
		keys[row.Key] = true
	}
	lines.count = int64(len(keys))
	return lines, nil
}

// storedLines are the lines that may have become new rows. Of several with one
// key, it is the first that is not refused.
type storedLines struct {
	count int64
	rows  []storedRow
	bad   map[int64]bool
}

func (l *storedLines) refuse(line int64) {
	if l.bad != nil {
		l.bad[line] = true
	}
}

// report names the lines that are new, in their order.
func (l *storedLines) report(to func(line int64)) {
	known := map[string]bool{}
	for _, row := range l.rows {
		if !l.bad[row.Line] && !known[row.Key] {
			known[row.Key] = true
			to(row.Line)
		}
	}
}
