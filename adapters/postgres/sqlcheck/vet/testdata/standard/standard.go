// Package standard sends SQL with the standard library alone.
package standard

import "database/sql"

func exec(db *sql.DB) {
	db.Exec("SELECT 1") // want `\(\*sql.DB\).Exec sends SQL past sqlcheck`
}
