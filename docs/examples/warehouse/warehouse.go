// Package warehouse counts items and their moves, with pgx and squirrel. Its code
// before it adopted sqlcheck is in the folder before. One statement is not checked yet.
package warehouse

import (
	"context"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// Item is an item with its stock.
type Item struct {
	ID        int64              `db:"id"`
	Name      string             `db:"name"`
	Note      pgtype.Text        `db:"note"`
	Price     pgtype.Numeric     `db:"price"`
	Stock     int32              `db:"stock"`
	CountedAt pgtype.Timestamptz `db:"counted_at"`
}

// List says which items. Without a name it means all.
type List struct {
	Name  sqlcheck.Opt[string]
	Limit int32
}

// Move is an item that comes, or goes if the quantity is negative.
type Move struct {
	ItemID   int64
	Quantity int32
	Reason   pgtype.Text
}

// Warehouse keeps items.
type Warehouse struct{ pool *pgxpool.Pool }

// New returns a warehouse on the pool's database.
func New(pool *pgxpool.Pool) Warehouse { return Warehouse{pool} }

var itemsList = sqlcheck.New(sqlcheck.Def[List, Item]{
	Name: "items.list",
	Build: func(which List) sq.Sqlizer {
		b := sq.Select("id", "name", "note", "price", "stock", "counted_at").From("items")
		if which.Name.Set {
			b = b.Where("name = ?", which.Name.V)
		}
		return b.OrderBy("name, id").Suffix("LIMIT ?", which.Limit)
	},
})

// Items lists items by name.
func (w Warehouse) Items(ctx context.Context, which List) ([]Item, error) {
	return itemsList.All(ctx, sqlcheck.On(w.pool), which)
}

var movesAdd = sqlcheck.New(sqlcheck.Def[Move, sqlcheck.None]{
	Name: "moves.add",
	Build: func(m Move) sq.Sqlizer {
		return sq.Insert("moves").Columns("item_id", "quantity", "reason").
			Values(m.ItemID, m.Quantity, m.Reason)
	},
})

// Move changes the stock of an item, and notes why.
func (w Warehouse) Move(ctx context.Context, m Move) error {
	return pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error {
		if err := changeStock(ctx, tx, m); err != nil {
			return err
		}
		_, err := movesAdd.Exec(ctx, sqlcheck.On(tx), m)
		return err
	})
}

func changeStock(ctx context.Context, tx pgx.Tx, m Move) error {
	_, err := tx.Exec(ctx, "UPDATE items SET stock = stock + $2, counted_at = now() WHERE id = $1", m.ItemID, m.Quantity)
	return err
}
