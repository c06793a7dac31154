// Package migrations holds the steps that lead to Roster's schema, as plain SQL
// for goose. Each file goes up and down; a file that has been released is never
// changed.
package migrations

import "embed"

// Files are the migrations, named NNNNN_name.sql.
//
//go:embed *.sql
var Files embed.FS
