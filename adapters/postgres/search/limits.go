package search

// The numbers of postings on which the decision table in doc.go depends.
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
	// Fewer postings than sortLimit are all sorted, rather than merged in order.
	sortLimit = 5_000
	// newestLimit is how many of the newest users are read for a common prefix.
	newestLimit = 6_000
	// mergeDepth is how many of the newest postings of each token are merged for a
	// prefix.
	mergeDepth = 640
	// fuzzyBudget is how many postings are merged first for expansions.
	fuzzyBudget = 1_024
	// maxMergedTokens is how many posting lists are merged.
	maxMergedTokens = 64
	// maxExpansions is how many tokens one mistyped token may stand for, for each
	// number of edits.
	maxExpansions = 64
	// noLimit counts and reads everything.
	noLimit = 1 << 30
)
