package ports

import (
	"context"

	"github.com/roster-directory/roster/domain"
)

// SearchUsers asks for the users that a term describes best.
type SearchUsers struct {
	Term domain.SearchTerm
	// Filter chooses among users. Unlike in a list, the zero Status lets none
	// but active ones pass.
	Filter UserFilter
	// After is the place after which the page begins; nil is the beginning.
	After *domain.SearchPosition
	// Limit is the most users in the answer.
	Limit domain.PageSize
}

// FoundUser is a user whom a search found, and how well the term describes it.
type FoundUser struct {
	domain.User
	Match domain.Match
}

// Position is the place of f in the order of a search.
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
}

// UserSearcher finds users by what people remember of them.
type UserSearcher interface {
	// SearchUsers returns the users that the term describes: by Match, then by
	// CreatedAt and ID, both descending. Similar ones are looked for where
	// nobody else is found. It sees every write acknowledged before the call.
	SearchUsers(context.Context, SearchUsers) (FoundUsers, error)
}
