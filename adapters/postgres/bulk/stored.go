package bulk

import (
	"context"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/ports"
)

// storer inserts staged rows: all, or those of a part, whose new lines it returns.
type storer interface {
	run(ctx context.Context, tx sqlcheck.Tx, at time.Time, which staged) (*storedLines, error)
}

// storing is a storer by two statements, of all rows with parameters P and of a part
// with parameters Q.
type storing[P, Q any] struct {
	all  *sqlcheck.Query[P, sqlcheck.None]
	part *sqlcheck.Query[Q, storedRow]
	// whole and from make the parameters, with the time of the import.
	whole func(at time.Time) P
	from  func(at time.Time, line fromLine) Q
}

// importedAt is the parameter of a statement whose new rows have a time.
type importedAt struct{ At time.Time }

// partAt are the parameters of such a statement for a part.
type partAt struct {
	importedAt
	fromLine
}

// storedRow is a staged line with the key of a new row.
type storedRow struct {
	Line int64  `db:"line"`
	Key  string `db:"key"`
}

// storeDef defines a storing.
type storeDef struct {
	// table is the table of the new rows; columns are those of its staged lines.
	table, columns string
	// with are the common table expressions of the statement after "staged", if it
	// has any; each begins with a comma.
	with   string
	insert func(importedAt) sq.InsertBuilder
	// returning are the columns of a new row's key. lines joins the new rows,
	// "stored", with the staged lines that have their keys, "s".
	returning, key, lines string
}

const once = "ON CONFLICT DO NOTHING"

func (d storeDef) all(at importedAt) sq.Sqlizer {
	//sqlcheck:allow the parts are constants of the definitions in this package
	return d.insert(at).PrefixExpr(staged{}.with(d.table, d.columns)).Prefix(d.with).Suffix(once)
}

func (d storeDef) part(at importedAt, of fromLine) sq.Sqlizer {
	//sqlcheck:allow the parts are constants of the definitions in this package
	lines := staged{true, of.First}.with(d.table, d.columns)
	//sqlcheck:allow the parts are constants of the definitions in this package
	key, before, returning := d.key+" AS key", d.with+", stored AS (", once+" RETURNING "+d.returning
	return sq.Select("s.line", key).
		PrefixExpr(lines).
		Prefix(before).
		PrefixExpr(d.insert(at).Suffix(returning)).
		Prefix(")").
		From(d.lines).
		OrderBy("s.line")
}

// newStoring defines statements whose new rows have a time.
func newStoring(def storeDef) storing[importedAt, partAt] {
	return storing[importedAt, partAt]{
		all: sqlcheck.New(sqlcheck.Def[importedAt, sqlcheck.None]{
			Name: "bulk.store." + def.table, Build: def.all,
		}),
		part: sqlcheck.New(sqlcheck.Def[partAt, storedRow]{
			Name: "bulk.store_part." + def.table, Build: func(p partAt) sq.Sqlizer { return def.part(p.importedAt, p.fromLine) },
		}),
		whole: func(at time.Time) importedAt { return importedAt{at} },
		from:  func(at time.Time, line fromLine) partAt { return partAt{importedAt{at}, line} },
	}
}

// newTimelessStoring defines statements whose new rows have no time of import.
func newTimelessStoring(def storeDef) storing[sqlcheck.None, fromLine] {
	return storing[sqlcheck.None, fromLine]{
		all: sqlcheck.New(sqlcheck.Def[sqlcheck.None, sqlcheck.None]{
			Name: "bulk.store." + def.table, Build: func(sqlcheck.None) sq.Sqlizer { return def.all(importedAt{}) },
		}),
		part: sqlcheck.New(sqlcheck.Def[fromLine, storedRow]{
			Name: "bulk.store_part." + def.table, Build: func(p fromLine) sq.Sqlizer { return def.part(importedAt{}, p) },
		}),
		whole: func(time.Time) sqlcheck.None { return sqlcheck.None{} },
		from:  func(_ time.Time, line fromLine) fromLine { return line },
	}
}

func (s storing[P, Q]) run(ctx context.Context, tx sqlcheck.Tx, at time.Time, which staged) (*storedLines, error) {
	if !which.Part {
		count, err := s.all.Exec(ctx, tx, s.whole(at))
		return &storedLines{count: count}, err
	}
	rows, err := s.part.All(ctx, tx, s.from(at, fromLine{which.First}))
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

// stored is the outcome of a part.
type stored struct {
	added    ports.Added
	lines    *storedLines
	refusals []ports.Refusal
}

func (s *stored) refuse(r ports.Refusal) error {
	s.refusals = append(s.refusals, r)
	return nil
}

// report gives the refusals and the new lines to the importer.
func (s *stored) report(w *writer, refuse func(ports.Refusal) error) error {
	for _, r := range s.refusals {
		if err := refuse(r); err != nil {
			return err
		}
	}
	s.lines.report(w.onStored)
	return nil
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
