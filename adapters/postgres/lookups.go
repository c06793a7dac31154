package postgres

// Parameters of look-ups.
type (
	byID  struct{ ID [16]byte }
	byIDs struct{ IDs [][16]byte }
	byKey struct{ Key string }
)
