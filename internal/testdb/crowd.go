package testdb

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
)

// Crowd is a few organizations and a few users. Each user owns all organizations.
type Crowd struct {
	URL           string
	Conn          *pgx.Conn // another connection to the database
	DB            *postgres.Database
	Users         *postgres.Users
	Memberships   *postgres.Memberships
	Events        *postgres.Events
	Owners        []domain.User
	Organizations []domain.OrganizationID
}

// NewCrowd makes a new database with a crowd.
func NewCrowd(t testing.TB, owners, organizations int) Crowd {
	t.Helper()
	url := URL(t)
	return NewCrowdWith(t, Open(t, Config(url)), url, owners, organizations)
}

// NewCrowdWith stores a crowd in a database that is open.
func NewCrowdWith(t testing.TB, d *postgres.Database, url string, owners, organizations int) Crowd {
	t.Helper()
	all := Crowd{
		URL: url, Conn: pgtest.Connect(t, url),
		DB: d, Users: postgres.NewUsers(d), Memberships: postgres.NewMemberships(d), Events: postgres.NewEvents(d),
	}
	pgtest.Execute(t, all.Conn, "INSERT INTO roster.plans VALUES ('free', 'Free', NULL)")
	all.Owners = CreateUsers(t, all.Users, 0, owners)
	for i := range organizations {
		id := domain.OrganizationID{0: 2, 15: byte(i)}
		pgtest.Execute(t, all.Conn, fmt.Sprintf("INSERT INTO roster.organizations VALUES ('%s', 'O', 'o%d', 'free', now())", id, i),
			fmt.Sprintf("INSERT INTO roster.memberships SELECT '%s', id, 'owner', now() FROM roster.users", id))
		all.Organizations = append(all.Organizations, id)
	}
	return all
}

// Deadlocks closes the pool, waits until its connections have reported what they
// counted, and returns the number of deadlocks.
func (c Crowd) Deadlocks(t testing.TB) int64 {
	t.Helper()
	c.DB.Close()
	pgtest.Eventually(t, "the end of the pool's connections", func() bool {
		const open = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'roster' AND datname = current_database()"
		return pgtest.Scalar[int](t, c.Conn, open) == 0
	})
	return pgtest.Scalar[int64](t, c.Conn, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
}
