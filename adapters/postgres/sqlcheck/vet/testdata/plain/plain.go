// Package plain opens a database and sends nothing.
package plain

import "database/sql"

func open() (*sql.DB, error) { return sql.Open("pgx", "") }
