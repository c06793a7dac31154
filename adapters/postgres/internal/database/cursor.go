package database

import (
	"strings"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/domain"
)

// Cursor is where a page of a sorted list begins: after At or Key, depending on
// Sort, and ID. It is a part of a query's parameters.
type Cursor struct {
	Sort       string
	Descending bool
	At         time.Time
	Key        string
	ID         [16]byte
	Limit      int32
}

// Orders are the enumerated fields of a Cursor in a list that has these sorts.
func Orders[S ~string](sorts ...S) map[string][]string {
	names := make([]string, len(sorts))
	for i, each := range sorts {
		names[i] = string(each)
	}
	return map[string][]string{"Sort": names, "Descending": {"false", "true"}}
}

// The values before and after all that is stored.
var (
	Earliest = time.Date(-4000, 1, 1, 0, 0, 0, 0, time.UTC)
	Latest   = time.Date(200_000, 1, 1, 0, 0, 0, 0, time.UTC)
	LastID   = [16]byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}
	// lastText is after all names: no character is greater, and no name is as long.
	lastText = strings.Repeat("\U0010ffff", 201)
)

// CursorAfter is the cursor after a position; without one it is before all that
// is stored. It asks for one row more than the page has.
func CursorAfter[T any](sort string, ascending bool, after *domain.Position[T], size domain.PageSize) Cursor {
	c := Cursor{Sort: sort, Descending: !ascending, At: Earliest, Limit: Limit(size) + 1}
	if c.Descending {
		c.At, c.Key, c.ID = Latest, lastText, LastID
	}
	if after != nil {
		c.At, c.Key, c.ID = after.At, after.Key, after.ID
	}
	return c
}

// Apply takes the rows of the page. key is the expression that the sort
// compares, id the column that makes it unique.
func (c Cursor) Apply(b sq.SelectBuilder, key, id string) sq.SelectBuilder {
	direction, after := "", " > "
	if c.Descending {
		direction, after = " DESC", " < "
	}
	var at any = c.Key
	if c.Sort == string(domain.ByCreated) || c.Sort == string(domain.ByUpdated) { // the sorts by time of every list
		at = c.At
	}
	return b.Where("("+key+", "+id+")"+after+"(?, ?)", at, any(c.ID)).
		OrderBy(key+direction, id+direction).Suffix("LIMIT ?", c.Limit)
}
