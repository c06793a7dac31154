// Package store keeps customers.
package store

import (
	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

type customer struct {
	ID     [16]byte `db:"id"`
	Email  string   `db:"email"`
	Note   *string  `db:"note"`
	Visits int32    `db:"visits"`
}

type find struct {
	Email sqlcheck.Opt[string]
	Sort  string
}

var customersFind = sqlcheck.New(sqlcheck.Def[find, customer]{
	Name:  "customers.find",
	Enums: map[string][]string{"Sort": {"visits", "email"}},
	Build: func(p find) sq.Sqlizer {
		b := sq.Select("id", "email", "note", "visits").From("shop.customers")
		if p.Email.Set {
			b = b.Where("email = ?", p.Email.V)
		}
		return b.OrderBy(p.Sort)
	},
})

type visit struct{ ID [16]byte }

var customersVisit = sqlcheck.New(sqlcheck.Def[visit, sqlcheck.None]{
	Name: "customers.visit",
	Build: func(p visit) sq.Sqlizer {
		return sq.Update("shop.customers").Set("visits", sq.Expr("visits + 1")).Where("id = ?", p.ID)
	},
})

var customersCopy = sqlcheck.NewCopy[customer](sqlcheck.CopyDef{Name: "customers.copy", Table: "shop.customers"})
