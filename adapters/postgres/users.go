package postgres

import (
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/search"
)

// Users implements ports.Users.
type Users struct {
	userReads
	memberReads
	userLists
	*search.Engine
	userWrites
	userHolds
}

// NewUsers returns the users kept in d.
func NewUsers(d *Database) *Users { return newUsers(d.pool) }

func newUsers(pool *database.Pool) *Users {
	reads, members := newUserReads(pool), newMemberReads(pool)
	return &Users{
		userReads: reads, memberReads: members, userLists: newUserLists(pool), Engine: search.New(pool),
		userWrites: newUserWrites(pool, reads, members), userHolds: userHolds{pool},
	}
}
