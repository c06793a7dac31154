package postgres

// ManyForOne has even a single write use the statement for many.
func ManyForOne(d *Database) { d.pool.ManyForOne = true }
