package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// listing prints items: a table for people, or a JSON object a line.
type listing struct {
	out   io.Writer
	table *tabwriter.Writer // nil for JSON
	items int
}

// newListing begins a listing. Its table has the columns as its first line.
func newListing(out io.Writer, asJSON bool, columns ...string) *listing {
	if asJSON {
		return &listing{out: out}
	}
	l := &listing{table: tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)}
	_, _ = fmt.Fprintln(l.table, strings.Join(columns, "\t")) // an error is kept for flush
	return l
}

// add prints an item.
func (l *listing) add(object func() []byte, cells ...string) error {
	l.items++
	if l.table == nil {
		return printf(l.out, "%s\n", object())
	}
	return printf(l.table, "%s\n", strings.Join(cells, "\t"))
}

// flush ends the listing.
func (l *listing) flush() error {
	if l.table == nil {
		return nil
	}
	return l.table.Flush()
}

// printFields prints the fields of one thing, each a name and a value. Those without a
// value are left out.
func printFields(out io.Writer, fields [][2]string) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, field := range fields {
		if field[1] == "" {
			continue
		}
		if err := printf(table, "%s\t%s\n", field[0], field[1]); err != nil {
			return err
		}
	}
	return table.Flush()
}

// shownTime is a time in UTC for people; empty for none.
func shownTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateTime)
}

// shownStatus is the status of a user, or that it is deleted.
func shownStatus(u *domain.User) string {
	if !u.DeletedAt.IsZero() {
		return "deleted"
	}
	return string(u.Status)
}

// eachPage asks for pages, each after the last item of the one before, and calls do with
// their items: up to limit in all, or all if it is 0.
func eachPage[T any](limit int, next func(after *T, size domain.PageSize) (ports.Page[T], error), do func([]T) error) error {
	var after *T
	for printed := 0; limit == 0 || printed < limit; {
		page, err := next(after, pageUpTo(limit, printed))
		if err != nil || len(page.Items) == 0 {
			return err
		}
		if err := do(page.Items); err != nil || !page.More {
			return err
		}
		printed += len(page.Items)
		after = &page.Items[len(page.Items)-1]
	}
	return nil
}

// each is what eachPage calls, for items that need no others of their page.
func each[T any](do func(*T) error) func([]T) error {
	return func(page []T) error {
		for i := range page {
			if err := do(&page[i]); err != nil {
				return err
			}
		}
		return nil
	}
}

// checkLimit refuses the flag --limit of a list, where 0 is no limit.
func checkLimit(limit int) error {
	if limit < 0 {
		return fmt.Errorf("--limit is %d: write 1 or more, or 0 for all", limit)
	}
	return nil
}

// pageUpTo is the size of the next page of a list of which at most limit items are
// wanted, 0 for all, and some are printed.
func pageUpTo(limit, printed int) domain.PageSize {
	const largest = 1000
	if limit == 0 {
		return domain.MustParse(domain.ParsePageSize(largest))
	}
	return domain.MustParse(domain.ParsePageSize(min(limit-printed, largest)))
}
