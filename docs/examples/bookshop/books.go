// Package bookshop is a service of its own, with pgx and squirrel, whose queries
// are checked against its migrations.
package bookshop

import (
	"context"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

//go:generate go tool sqlcheck prepare

// Book is a row of the list.
type Book struct {
	ISBN     string  `db:"isbn"`
	Title    string  `db:"title"`
	Subtitle *string `db:"subtitle"`
}

// List says which books, and in which order. Its zero value lists none.
type List struct {
	Word  sqlcheck.Opt[string] // in the title
	Sort  string               // "newest" or "title"
	Limit int32
}

var booksList = sqlcheck.New(sqlcheck.Def[List, Book]{
	Name:  "books.list",
	Enums: map[string][]string{"Sort": {"newest", "title"}},
	Plan:  sqlcheck.Gate{Whole: map[string]string{"shop.books": "a word may be anywhere in a title"}},
	Build: func(p List) sq.Sqlizer {
		b := sq.Select("isbn", "title", "subtitle").From("shop.books")
		if p.Word.Set {
			b = b.Where("strpos(lower(title), lower(?)) > 0", p.Word.V)
		}
		order := "added_at DESC, isbn"
		if p.Sort == "title" {
			order = "title, isbn"
		}
		return b.OrderBy(order).Suffix("LIMIT ?", p.Limit)
	},
})

type newBook struct{ ISBN, Title string }

var booksAdd = sqlcheck.New(sqlcheck.Def[newBook, sqlcheck.None]{
	Name: "books.add",
	Build: func(p newBook) sq.Sqlizer {
		return sq.Insert("shop.books").Columns("isbn", "title").Values(p.ISBN, p.Title)
	},
})

// Shop keeps books.
type Shop struct{ db sqlcheck.Session }

// New returns a shop on the pool's database.
func New(pool *pgxpool.Pool) Shop { return Shop{sqlcheck.Pool(pool)} }

// Books lists books.
func (s Shop) Books(ctx context.Context, which List) ([]Book, error) {
	return booksList.All(ctx, s.db, which)
}

// Add adds a book.
func (s Shop) Add(ctx context.Context, isbn, title string) error {
	_, err := booksAdd.Exec(ctx, s.db, newBook{isbn, title})
	return err
}
