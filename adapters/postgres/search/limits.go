package search

// The numbers of postings and users on which the decision table in doc.go depends.
const (
	// A token with fewer postings than rareLimit is rare: all are read, for any page.
	// Texts of statements hold it as rareText, so that their plans know it.
	rareLimit = 200
	rareText  = "200"
	// veryRareText is how far postings are counted first. If a token has fewer, the
	// postings of the others are not counted further.
	veryRareText = "16"
	// orderLimit is how far postings are counted to order three tokens or more.
	orderLimit = 1_000
	// mergeDepth is how many of the newest postings of each token are merged for a
	// prefix.
	mergeDepth = 640
	// maxExpansions is how many tokens one mistyped token may stand for, for each
	// number of edits.
	maxExpansions = 64
)

// budget is the most rows that one statement reads for one search.
type budget struct {
	// counted is the most postings that are counted.
	counted int32
	// listed is the most postings of each of two lists, or of all merged ones.
	listed int32
	// users is how many candidates are looked up.
	users int32
	// near is how many tokens are read that may be meant by mistyped ones.
	near          int32
	second, third phase
}

// phase is the part of a budget that depends on the phase.
type phase struct {
	// Fewer postings or members than sorted are all sorted, rather than read in page
	// order.
	sorted int32
	// newest is how many of the newest users are read for a common prefix.
	newest int32
	// merged is how many posting lists of a prefix are merged.
	merged int32
	// fuzzy is how many postings are merged for expansions.
	fuzzy int32
}

// standard is the budget of all searches but those of tests. The second phase is
// enough for most searches. It ends when a statement uses up its budget. The third
// goes on, up to maxTurns such statements. Then the page ends early.
var standard = budget{
	counted: 64_000, listed: 20_000, users: 2_500, near: 16_000,
	second: phase{sorted: 5_000, newest: 6_000, merged: 64, fuzzy: 1_024},
	third:  phase{sorted: 30_000, newest: 15_000, merged: 500, fuzzy: 8_192},
}

// patternBudget is how many patterns a user is compared with. For more, fewer users
// are looked up.
const patternBudget = 20

// maxTurns bounds the work for one page.
const maxTurns = 2
