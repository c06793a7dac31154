package testdb

import (
	"fmt"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Crowd is organizations that the same few users own: each owns all.
type Crowd struct {
	URL           string
	DB            *postgres.Database
	Users         *postgres.Users
	Memberships   *postgres.Memberships
	Owners        []domain.User
	Organizations []domain.OrganizationID
}

// NewCrowd makes a new database with a crowd.
func NewCrowd(t testing.TB, owners, organizations int) Crowd {
	t.Helper()
	all := Crowd{URL: URL(t)}
	all.DB = Open(t, Config(all.URL))
	all.Users, all.Memberships = postgres.NewUsers(all.DB), postgres.NewMemberships(all.DB)
	c := pgtest.Connect(t, all.URL)
	pgtest.Execute(t, c, "INSERT INTO roster.plans VALUES ('free', 'Free', NULL)")
	for i := range owners {
		user, err := all.Users.CreateUser(t.Context(), ports.CreateUser{User: User(i)})
		if err != nil {
			t.Fatal(err)
		}
		all.Owners = append(all.Owners, user)
	}
	for i := range organizations {
		id := domain.OrganizationID{0: 2, 15: byte(i)}
		pgtest.Execute(t, c, fmt.Sprintf("INSERT INTO roster.organizations VALUES ('%s', 'O', 'o%d', 'free', now())", id, i),
			fmt.Sprintf("INSERT INTO roster.memberships SELECT '%s', id, 'owner', now() FROM roster.users", id))
		all.Organizations = append(all.Organizations, id)
	}
	return all
}

// Deadlocks closes the pool, so that its connections report what they counted,
// and returns how many deadlocks there were.
func (c Crowd) Deadlocks(t testing.TB) int64 {
	t.Helper()
	c.DB.Close()
	return pgtest.Scalar[int64](t, pgtest.Connect(t, c.URL), "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
}
