package ports

import (
	"context"

	"github.com/roster-directory/roster/domain"
)

// SearchUsers asks for the users that a term describes best.
type SearchUsers struct {
	Term domain.SearchTerm
	// Filter selects users. Unlike in a list, the zero Status lets only active
	// users pass.
	Filter UserFilter
	// After is the position after which the page begins; nil is the beginning.
	After *domain.SearchPosition
	// Limit is the most users of the page.
	Limit domain.PageSize
}

// FoundUser is a user that a search found, and how well the term describes it.
type FoundUser struct {
	domain.User
	Match domain.Match
}

// Position is the position of f in the order of a search.
func (f FoundUser) Position() domain.SearchPosition {
	return domain.SearchPosition{Match: f.Match, At: f.CreatedAt, ID: f.ID}
}

// FoundUsers is a page of a search.
type FoundUsers struct {
	Page[FoundUser]
	// Corrections are the words, folded, that the search used in place of words
	// of the term that no user has. Only users whose Match is MatchSimilar have
	// them.
	Corrections []string
	// NextAfter is where the next page begins; nil means after the last user. A
	// page can end early, where one search may read no more: More is true then, and
	// the page has fewer users than Limit, or none.
	NextAfter *domain.SearchPosition
}

// Next is the position after which the next page begins; nil where none follows.
func (f FoundUsers) Next() *domain.SearchPosition {
	if !f.More || f.NextAfter != nil || len(f.Items) == 0 {
		return f.NextAfter
	}
	at := f.Items[len(f.Items)-1].Position()
	return &at
}

// UserSearcher finds users by words of their names and addresses.
type UserSearcher interface {
	// SearchUsers returns the users that the term describes: by Match, then by
	// CreatedAt and ID, both descending. It searches for similar words only where
	// no user has the words of the term. A term that Contradicts finds nobody. It
	// sees every write acknowledged before the call.
	SearchUsers(context.Context, SearchUsers) (FoundUsers, error)
}
