package postgres

import (
	"context"
	"strings"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// orders are the enumerated fields of a spot in a list that has these orders.
func orders[S ~string](sorts ...S) map[string][]string {
	names := make([]string, len(sorts))
	for i, each := range sorts {
		names[i] = string(each)
	}
	return map[string][]string{"Sort": names, "Descending": {"false", "true"}}
}

// spot is where a page begins: of At and Key, the one by which is ordered counts.
type spot struct {
	Sort       string
	Descending bool
	At         time.Time
	Key        string
	ID         [16]byte
	Limit      int32
}

// spotOf is the spot after a position; the first begins before all that is
// stored. It asks for one row more than the page has.
func spotOf[T any](sort string, ascending bool, after *domain.Position[T], size domain.PageSize) spot {
	s := spot{Sort: sort, Descending: !ascending, At: earliest, Limit: limit(size) + 1}
	if s.Descending {
		s.At, s.Key, s.ID = latest, lastText, lastID
	}
	if after != nil {
		s.At, s.Key, s.ID = after.At, after.Key, after.ID
	}
	return s
}

// Before and after all that is stored.
var (
	earliest = time.Date(-4000, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(200_000, 1, 1, 0, 0, 0, 0, time.UTC)
	lastID   = [16]byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}
	// lastText is after all names: no character is greater, and none has as many.
	lastText = strings.Repeat("\U0010ffff", 201)
)

// walk takes the rows of a page, of a table whose ids are in the column id; key
// is what the sort compares.
func (s spot) walk(b sq.SelectBuilder, key, id string) sq.SelectBuilder {
	direction, after := "", " > "
	if s.Descending {
		direction, after = " DESC", " < "
	}
	var at any = s.Key
	if s.Sort == string(domain.ByCreated) || s.Sort == string(domain.ByUpdated) { // whatever is listed
		at = s.At
	}
	return b.Where("("+key+", "+id+")"+after+"(?, ?)", at, any(s.ID)).
		OrderBy(key+direction, id+direction).Suffix("LIMIT ?", s.Limit)
}

// paged reads a page of a query that asks for one row more than the page has.
func paged[P, R, T any](ctx context.Context, d *Database, q *sqlcheck.Query[P, R], p P, convert func(R) (T, error), limit domain.PageSize) (ports.Page[T], error) {
	items, err := list(ctx, d, q, p, convert)
	return cut(items, limit), err
}

// cut makes a page of items, of which one more than it has room for says that
// more follow.
func cut[T any](items []T, limit domain.PageSize) ports.Page[T] {
	size := min(len(items), limit.Int())
	return ports.Page[T]{Items: items[:size], More: len(items) > size}
}
