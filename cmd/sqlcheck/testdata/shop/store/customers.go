// Package store keeps customers.
package store

import (
	sq "github.com/Masterminds/squirrel"

	"example.com/shop/store/columns"
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
		b := sq.Select(columns.CustomersID, columns.CustomersEmail, columns.CustomersNote, columns.CustomersVisits).
			From(columns.Customers)
		if p.Email.Set {
			b = b.Where(columns.CustomersEmail+" = ?", p.Email.V)
		}
		return b.OrderBy(p.Sort)
	},
})

type visit struct{ ID [16]byte }

var customersVisit = sqlcheck.New(sqlcheck.Def[visit, sqlcheck.None]{
	Name: "customers.visit",
	Build: func(p visit) sq.Sqlizer {
		return sq.Update(columns.Customers).
			Set(columns.CustomersVisits, sq.Expr(columns.CustomersVisits+" + 1")).
			Where(columns.CustomersID+" = ?", p.ID)
	},
})

var customersCopy = sqlcheck.NewCopy[customer](sqlcheck.CopyDef{Name: "customers.copy", Table: columns.Customers})
