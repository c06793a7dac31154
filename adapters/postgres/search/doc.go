// Package search finds users by the words of their names and addresses.
//
// # Algorithm
//
// A user's display name, username, mailbox and host fold into tokens: lower case,
// without marks, pairs of characters in scripts without spaces. The postings of a
// token are its users in page order, the newest first. A term folds in the same
// way; its unquoted tokens are also prefixes. A page is filled tier by tier:
//
//	1 exact    the whole term is the username or email
//	2 words    the user has all tokens
//	3 prefix   for each token, the user has one that begins with it
//	4 similar  as 3, with one or two typing errors a token; only if 1 to 3 are empty
//
// Posting lists only propose candidates. The predicate on the user's row decides:
// roster.users.search holds the user's tokens, separated by spaces.
//
// The first phase is one round trip, which concurrent searches share. It is enough
// for most searches. The second phase runs only if it has not filled the page.
//
// # Invariant
//
// A tier excludes all better ones, and a statement returns a run without gaps
// after its cursor. So pages neither repeat nor skip a user that does not change.
//
// # Decision table
//
// Names in capitals are statements (users.search_…), run from left to right until
// the page is full. "Postings" are counted with COUNTS, up to the limit compared.
//
//	term                          | statements                             | most rows read
//	------------------------------+----------------------------------------+------------------------
//	first phase (no filter, no cursor)
//	one token                     | NAME and WORDS, one trip               | a page; all, if few match
//	several tokens                | RARE                                   | 200 postings
//	second phase, one token (with a filter or cursor: NAME, WORDS first)
//	  under 5,000 postings        | PREFIXES                               | 5,000 postings, sorted
//	  else                        | NEWEST, PREFIXES                       | 6,000 users, then all
//	second phase, several tokens (with a filter or cursor: RARE first)
//	  the rarest is under 200     | done by RARE                           | 200 postings
//	  tier 1                      | NAME                                   | 1 user
//	  tier 2, the 2 rarest        | WORDS                                  | both lists
//	  tier 3, two under 5,000     | PREFIXES of two                        | 10,000 postings
//	  tier 3, one under 5,000     | PREFIXES of one                        | 5,000 postings
//	  tier 3, else, rarest first  | TOKENS, MERGED; PREFIXES of two        | 64 lists of 640; then all
//	in an organization            | NAME, then CANDIDATES: its members or  | the fewer of the two
//	                              | the users of the rarest token          |
//	nothing found, first page     | VOCABULARY; for 1 edit, then 2:        | 1,024 postings, 8,192,
//	                              | COUNTS, TOKENS, MERGED                 | then all
//
// RARE counts no further than 16 postings where one token has fewer. It also tells
// that no user matches, so that tiers 2 and 3 are not read; and where that token has
// no postings and can't be mistyped, tier 4 is not read either.
//
// # Worst case
//
// The limits above bound what is read, except where the table says "all": where the
// filter or the exclusions reject many users of a common token, where two common
// tokens share few users, and in an organization with many members.
package search
