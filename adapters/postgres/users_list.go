package postgres

import (
	"context"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// userKeys are the expressions that the sorts of users compare.
var userKeys = map[string]string{
	string(domain.ByCreated):  "u.created_at",
	string(domain.ByUpdated):  "u.updated_at",
	string(domain.ByUsername): `lower(u.username COLLATE "C")`,
	string(domain.ByEmail):    `lower(u.email COLLATE "C")`,
}

// userOrders are the enumerated fields of a cursor in a list of users.
var userOrders = database.Orders(domain.ByCreated, domain.ByUpdated, domain.ByUsername, domain.ByEmail)

type newestUsers struct{ Limit int32 }

// usersNewest stands beside usersListed, which is planned for each call.
var usersNewest = sqlcheck.New(sqlcheck.Def[newestUsers, rows.User]{
	Name: "users.newest",
	Build: func(p newestUsers) sq.Sqlizer {
		return rows.SelectUsers().OrderBy("u.created_at DESC", "u.id DESC").Suffix("LIMIT ?", p.Limit)
	},
})

type listUsers struct {
	rows.UserFilter
	database.Cursor
}

// maxUserLists is the number of texts: ways to filter times orders.
const maxUserLists = 5 * 2 * 2 * 2 * 8

var usersListed = sqlcheck.New(sqlcheck.Def[listUsers, rows.User]{
	Name:   "users.list",
	Enums:  rows.UserFilterEnums(userOrders),
	Replan: true, // whether to walk the order or to sort what a filter finds

	MaxVariants: maxUserLists,
	Build: func(p listUsers) sq.Sqlizer {
		return p.Cursor.Apply(p.UserFilter.Apply(rows.SelectUsers()), userKeys[p.Sort], "u.id")
	},
})

// listAnyUsers lists users, deleted ones included. Only administrators do so,
// rarely; there is no index for it.
type listAnyUsers struct {
	rows.AnyUserFilter
	database.Cursor
}

const forAdministrators = "administrators look for deleted users, seldom"

var usersListedAny = sqlcheck.New(sqlcheck.Def[listAnyUsers, rows.AnyUser]{
	Name: "users.list_any",
	Enums: map[string][]string{
		"Belonging": rows.Belongings(), "Sort": userOrders["Sort"], "Descending": userOrders["Descending"],
	},
	Replan: true,
	Build: func(p listAnyUsers) sq.Sqlizer {
		return p.Cursor.Apply(p.AnyUserFilter.Apply(rows.SelectAnyUsers()), userKeys[p.Sort], "u.id")
	},
	Plan: sqlcheck.Gate{Whole: map[string]string{"roster.users": forAdministrators}},
})

// userLists implements ports.UserLister.
type userLists struct {
	pool      *database.Pool // of the class Slow
	quick     *database.Pool
	counts    *database.Pool // of the class Counts
	newest    database.Batcher[domain.PageSize, domain.PageSize, ports.Page[domain.User]]
	listed    database.Batcher[userListKey, ports.ListUsers, ports.Page[domain.User]]
	countTime time.Duration // how long an exact count may take
}

func newUserLists(pool *database.Pool) userLists {
	l := userLists{pool: pool.For(database.Slow), quick: pool, counts: pool.For(database.Counts), countTime: maxCountTime}
	l.newest = database.Pages(l.quick, database.EqualReads, database.Itself[domain.PageSize], l.readNewest)
	l.listed = database.Pages(l.pool, database.SlowReads, userListKeyOf, l.readList)
	return l
}

// userListKey tells lists of users apart.
type userListKey struct {
	filter ports.UserFilter
	order  domain.UserOrder
	after  domain.UserPosition
	first  bool // it is the first page
	limit  domain.PageSize
}

func userListKeyOf(in ports.ListUsers) userListKey {
	k := userListKey{filter: in.Filter, order: in.Order, first: in.After == nil, limit: in.Limit}
	if in.After != nil {
		k.after = *in.After
	}
	return k
}

// ListUsers implements ports.UserLister.
func (l userLists) ListUsers(ctx context.Context, in ports.ListUsers) (ports.Page[domain.User], error) {
	if in.After == nil && in.Order == (domain.UserOrder{}) && in.Filter == (ports.UserFilter{}) {
		return l.newest.Do(ctx, in.Limit)
	}
	return l.listed.Do(ctx, in)
}

// readNewest reads the first page of the list that has no filter.
func (l userLists) readNewest(ctx context.Context, size domain.PageSize) (ports.Page[domain.User], error) {
	return database.Page(ctx, l.quick, usersNewest, newestUsers{database.Limit(size) + 1}, rows.User.Value, size)
}

func (l userLists) readList(ctx context.Context, in ports.ListUsers) (ports.Page[domain.User], error) {
	cursor := database.CursorAfter(string(in.Order.By()), in.Order.Ascending(), in.After, in.Limit)
	if !in.Filter.Deleted.Shows() {
		return database.Page(ctx, l.pool, usersListed, listUsers{rows.FilterOf(in.Filter), cursor}, rows.User.Value, in.Limit)
	}
	return database.Page(ctx, l.pool, usersListedAny, listAnyUsers{rows.AnyFilterOf(in.Filter), cursor}, rows.AnyUser.Value, in.Limit)
}
