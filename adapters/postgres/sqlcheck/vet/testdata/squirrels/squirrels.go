// Package squirrels uses squirrel where it must not.
package squirrels

import (
	"database/sql"
	"fmt"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

var users = sq.Select("id").From("users")

func handler() {
	sq. // want `squirrel in a function that returns no builder: build in a definition's Build, or in a function that it calls`
		Select("id").From("users")
}

func continuing() {
	b := users.Where("a") // want `squirrel in a function that returns no builder`
	_ = b
}

func condition() {
	_ = sq.Eq{"a": 1} // want `squirrel in a function that returns no builder`
}

func rendering() sq.Sqlizer {
	users.
		ToSql() // want `SelectBuilder\).ToSql makes or runs a statement past sqlcheck: return the builder from a definition's Build`
	users.MustSql()            // want `MustSql makes or runs`
	sq.DebugSqlizer(users)     // want `DebugSqlizer makes or runs`
	render := sq.Sqlizer.ToSql // want `ToSql makes or runs`
	_ = render
	return users
}

type sqlizer interface {
	ToSql() (string, []any, error) // want `an interface with ToSql is another way to make a statement: take a squirrel type`
}

func renamed(s sqlizer) {
	s.ToSql() // want `ToSql makes or runs`
}

func running(db *sql.DB) sq.Sqlizer {
	users.RunWith(db).Query()           // want `RunWith makes or runs` `Query makes or runs`
	sq.ExecWith(db, users)              // want `ExecWith makes or runs`
	sq.NewStmtCache(db)                 // want `NewStmtCache makes or runs`
	users.RunWith(db).QueryRow().Scan() // want `RunWith makes or runs` `QueryRow makes or runs` `Scan makes or runs`
	return users
}

func lending() sq.Sqlizer {
	fmt.Print(users) // want `fmt.Print gets a builder, of which it can make a statement past sqlcheck`
	return users
}

func defining() {
	q := sqlcheck.New( // want `a query defined in a function: define it in a package-level variable`
		sqlcheck.Def[sqlcheck.None, sqlcheck.None]{
			Build: func(sqlcheck.None) sq.Sqlizer { return users },
		})
	_ = q
}
