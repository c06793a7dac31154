package domain

import "time"

// Match says how well a search term describes a user. Results are in the order of
// the constants.
type Match uint8

// The ways of matching.
const (
	// MatchExact is a user whose username or email is the term.
	MatchExact Match = iota + 1
	// MatchWords is a user that has every word of the term.
	MatchWords
	// MatchPrefix is a user that has words that begin with those of the term.
	MatchPrefix
	// MatchSimilar is a user that has words within the fewest edits of those of
	// the term.
	MatchSimilar
)

// String returns the match's name in the HTTP API.
func (m Match) String() string {
	switch m {
	case MatchExact:
		return "exact"
	case MatchWords:
		return "words"
	case MatchPrefix:
		return "prefix"
	case MatchSimilar:
		return "similar"
	}
	return "none"
}

// SearchPosition is a position in the results of a search: that of a user, or that
// at which a page ended early.
type SearchPosition struct {
	Match Match
	At    time.Time
	ID    UserID
	// Edits are those of similar words; 0 is unknown.
	Edits uint8
	// Empty says that no page up to here has a user. So a search may still come to
	// similar words.
	Empty bool
}
