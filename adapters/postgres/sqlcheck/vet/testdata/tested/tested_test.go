package tested

import "database/sql"

func seed(db *sql.DB) {
	db.Exec("SELECT 1") // want `Exec sends SQL`
}
