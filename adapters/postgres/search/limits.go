package search

// How many postings a search reads before it takes another way. doc.go has the
// table of ways.
const (
	// rareLimit is below how many postings a token is rare: all are read, for any
	// page. The texts of statements have it as rareText, so that plans know it.
	rareLimit = 200
	rareText  = "200"
	// veryRareText is how far postings are counted first, so that one very rare
	// token keeps those of the others from being counted.
	veryRareText = "16"
	// orderLimit is how far postings are counted to order three tokens or more.
	orderLimit = 1_000
	// sortLimit is below how many postings all are sorted, rather than merged in
	// order.
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
