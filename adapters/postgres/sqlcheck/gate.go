package sqlcheck

// Gate lists what a query's plan may do on a large table, each with its reason.
// sqlcheck plans refuses what is not listed. Tables are named with their schema,
// a partitioned one by its own name:
//
//	Plan: sqlcheck.Gate{Whole: map[string]string{"shop.orders": "an export writes every order"}}
type Gate struct {
	// Whole are the tables whose rows may all be read, from the table or along an
	// index.
	Whole map[string]string

	// Sort are the tables whose rows may be sorted in large parts.
	Sort map[string]string
}
