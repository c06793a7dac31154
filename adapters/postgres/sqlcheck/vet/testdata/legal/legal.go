// Package legal does all that is allowed.
package legal

import (
	"context"
	"fmt"
	"strings"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

const colID, colName = "id", "name"

var columns = []string{colID, colName}

type params struct {
	Name  sqlcheck.Opt[string]
	Sort  string
	Limit int64
}

type row struct {
	ID   int64  `db:"id"`
	Name string `db:"name"`
}

// Helpers of builders join constants, and what their callers hand over.
func qualified(table string, names ...string) []string {
	var all []string
	for _, n := range names {
		all = append(all, table+"."+n)
	}
	return all
}

func returning(names []string) string { return "RETURNING " + strings.Join(names, ", ") }

func from(table string) sq.SelectBuilder { return sq.Select(columns...).From("shop." + table) }

func exporting[R any](table string, query sq.SelectBuilder) *sqlcheck.Query[sqlcheck.None, R] {
	query = query.Where("true")
	return sqlcheck.New(sqlcheck.Def[sqlcheck.None, R]{
		Name: "export." + table, Build: func(sqlcheck.None) sq.Sqlizer { return query },
	})
}

var exported = exporting[row]("users", from("users").Limit(10))

var list = sqlcheck.New(sqlcheck.Def[params, row]{
	Name:  "list",
	Enums: map[string][]string{"Sort": {"a", "b"}},
	Build: func(p params) sq.Sqlizer {
		b := from("users").Columns(qualified("u", colID)...).Where("lower(" + colName + ") = 'x'").
			Where(fmt.Sprintf("%s > 1", colID)).
			OrderBy(map[string]string{"a": "id", "b": "name"}[p.Sort])
		if p.Name.Set {
			b = b.Where(sq.Eq{colName: p.Name.V}).Where(colName+" = ?", p.Name.V)
		}
		order := "id"
		if p.Sort == "b" {
			order = "name"
		}
		return b.OrderBy(order, "lower("+order+")").Suffix("LIMIT ?", p.Limit).Suffix(returning(qualified("u", "id")))
	},
})

func serve(ctx context.Context, pool *pgxpool.Pool) error {
	db := sqlcheck.Pool(pool)
	fmt.Println(pool.Stat(), pool.Ping(ctx), "a"+fmt.Sprint(ctx))
	if _, err := exported.All(ctx, db, sqlcheck.None{}); err != nil {
		return err
	}
	return sqlcheck.InTx(ctx, db, sqlcheck.TxOptions{Isolation: pgx.RepeatableRead}, func(ctx context.Context, tx sqlcheck.Tx) error {
		_, err := list.All(ctx, tx, params{Sort: "a"})
		return err
	})
}

// A reader of texts, like a tracer, sends none.
func first(b *pgx.Batch) string { return b.QueuedQueries[0].SQL }

// Interfaces of other kinds stay.
type index interface {
	Query(ctx context.Context, term string) ([]string, error)
	Exec(name string) error
}

func search(i index) { i.Query(context.Background(), "a") }
