package sqlcheck_test

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

type listBooks struct {
	Author sqlcheck.Opt[string]
	Since  sqlcheck.Opt[time.Time]
	Sort   string
	Limit  int
}

type book struct {
	Title     string     `db:"title"`
	Author    string     `db:"author"`
	Published *time.Time `db:"published"` // may be NULL
}

// A query with two optional filters and two orders has eight texts.
var booksList = sqlcheck.New(sqlcheck.Def[listBooks, book]{
	Name:  "books.list",
	Enums: map[string][]string{"Sort": {"title", "newest"}},
	Build: func(p listBooks) sq.Sqlizer {
		b := sq.Select("title", "author", "published").From("public.books")
		if p.Author.Set {
			b = b.Where("author = ?", p.Author.V)
		}
		if p.Since.Set {
			b = b.Where("published >= ?", p.Since.V)
		}
		if p.Sort == "newest" {
			b = b.OrderBy("published DESC NULLS LAST")
		}
		return b.OrderBy("title").Suffix("LIMIT ?", p.Limit)
	},
})

type bookTitle struct{ Title string }

// A statement without rows has None for them.
var booksDelete = sqlcheck.New(sqlcheck.Def[bookTitle, sqlcheck.None]{
	Name: "books.delete",
	Build: func(p bookTitle) sq.Sqlizer {
		return sq.Delete("public.books").Where("title = ?", p.Title)
	},
})

// A COPY takes its columns from the row's tags.
var booksCopy = sqlcheck.NewCopy[book](sqlcheck.CopyDef{Name: "books.copy", Table: "public.books"})

// useBooks makes each kind of call.
func useBooks(ctx context.Context, pool *pgxpool.Pool, shelf iter.Seq2[book, error]) error {
	db := sqlcheck.Pool(pool)
	if _, err := booksCopy.Send(ctx, db, shelf); err != nil {
		return err
	}

	byAda := listBooks{Author: sqlcheck.Some("Ada"), Sort: "title", Limit: 10}
	books, err := booksList.All(ctx, db, byAda) // or One, or Each to stream
	if err != nil {
		return err
	}
	fmt.Println("Ada wrote", len(books))

	opts := sqlcheck.TxOptions{Retries: 3}
	err = sqlcheck.InTx(ctx, db, opts, func(ctx context.Context, tx sqlcheck.Tx) error {
		_, err := booksDelete.Exec(ctx, tx, bookTitle{books[0].Title})
		return err
	})
	if err != nil {
		return err
	}

	var batch sqlcheck.Batch // one round trip
	left := booksList.Queue(&batch, listBooks{Sort: "newest", Limit: 10})
	gone := booksDelete.Queue(&batch, bookTitle{"Notes"})
	if err := batch.Send(ctx, db); err != nil {
		return err
	}
	fmt.Println("left", len(left.Rows), "deleted", gone.Affected)
	return nil
}

func Example() {
	for d := range sqlcheck.All() {
		if d.Name == "books.list" {
			for _, v := range d.Variants[:3] {
				fmt.Printf("%s %v\n  %s\n", v.Name, v.Args, v.Text)
			}
		}
	}
	// Output:
	// Sort=title [Limit]
	//   SELECT title, author, published FROM public.books ORDER BY title LIMIT $1
	// Sort=newest [Limit]
	//   SELECT title, author, published FROM public.books ORDER BY published DESC NULLS LAST, title LIMIT $1
	// Since Sort=title [Since Limit]
	//   SELECT title, author, published FROM public.books WHERE published >= $1 ORDER BY title LIMIT $2
}

var library pgtest.Template

func TestTheExampleRuns(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), library.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	_, err = pool.Exec(t.Context(), "CREATE TABLE books (title text NOT NULL, author text NOT NULL, published timestamptz)")
	if err != nil {
		t.Fatal(err)
	}
	err = useBooks(t.Context(), pool, func(yield func(book, error) bool) {
		_ = yield(book{Title: "Notes", Author: "Ada"}, nil) && yield(book{Title: "Letters", Author: "Ada"}, nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	books, err := booksList.All(t.Context(), sqlcheck.Pool(pool), listBooks{Sort: "title", Limit: 10})
	if err != nil || len(books) != 0 {
		t.Errorf("left %v, %v; want none", books, err)
	}
}
