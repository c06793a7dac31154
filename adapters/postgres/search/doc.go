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
// for most searches. The second phase runs only if it has not filled the page, and
// ends when a statement has used up its budget. The third continues, one statement
// of all searches at a time. After maxTurns the page ends early, and its cursor is
// the last candidate that was read.
//
// # Invariants
//
// A tier excludes all better ones, and a statement returns a run without gaps
// after its cursor. So pages neither repeat nor skip a user that does not change.
//
// A statement reads no more rows than its budget, whatever the data, the term and
// the filter are. Each limit is in its text, below an order that only an index has,
// so that no plan reads all rows first.
//
// # Decision table
//
// Names in capitals are statements (users.search_…), run from left to right until
// the page is full. "Postings" are counted with COUNTS, up to the limit compared.
// Where there are two numbers, they are of the second and the third phase.
//
//	term                          | statements                             | most rows of each
//	------------------------------+----------------------------------------+-------------------------
//	excludes what it requires     | none: nobody                           | 0
//	first phase (no filter, no cursor)
//	one token                     | NAME and WORDS, one trip               | two pages, at least 200
//	several tokens                | RARE                                   | 216 postings of each
//	                              |                                        | token; 200 users
//	then, one token (with a filter or cursor: NAME, WORDS first)
//	  no page yet                 | WORDS                                  | 2,500 users
//	then, several tokens (with a filter or cursor: RARE first)
//	  the rarest is under 200     | done by RARE                           | as above, and 200 postings
//	                              |                                        | and users if none matches
//	  tier 1                      | NAME                                   | 2 users
//	  tier 2                      | WORDS: the 2 rarest, or, from the      | 2 x 20,000 postings,
//	                              | second stop on, 1 under 5,000          | 2,500 users
//	tier 3, of one prefix: its longer tokens; of several: the rarest
//	  under 5,000 or 30,000       | PREFIXES of one or two                 | these, and 2,500 users
//	  under 64 or 500 tokens      | TOKENS, MERGED                         | 20,000 postings,
//	                              |                                        | 2,500 users
//	  else                        | NEWEST                                 | 6,000 or 15,000 users
//	in an organization            | NAME, then CANDIDATES: its members or  | 5,000
//	                              | the users of the rarest token; as      |
//	                              | above where both are more              |
//	nothing found on any page     | VOCABULARY; for 1 edit, then 2, unless | 16,000 tokens; postings:
//	                              | they add no expansion: COUNTS of       | 1,024 or 8,192
//	                              | several tokens, TOKENS, MERGED         |
//
// RARE counts no further than 16 postings where one token has fewer. It also tells
// that no user matches, so that tiers 2 and 3 are not read; and whether a user of that
// token passes the filter. A token is absent if no such user has it or a longer one.
// Where an absent token can't be mistyped or has no expansion, tier 4 is not read.
//
// COUNTS reads 64,000 postings at most, and so fewer of each of many ranges.
package search
