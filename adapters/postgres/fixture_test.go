package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

var (
	begin   = time.Date(2024, time.March, 1, 0, 0, 0, 0, time.UTC)
	listAll = ports.ListUsers{Limit: domain.DefaultListSize}
)

func freshUser(n int) domain.User {
	name, err := domain.ParseUsername(fmt.Sprintf("user%d", n))
	if err != nil {
		panic(err)
	}
	email, err := domain.ParseEmail(fmt.Sprintf("user%d@example.com", n))
	if err != nil {
		panic(err)
	}
	id := domain.UserID{0: 1, 13: byte(n >> 16), 14: byte(n >> 8), 15: byte(n)}
	return domain.NewUser(id, name, email, begin.Add(time.Duration(n)*time.Second))
}

func newUser(t *testing.T, n int) domain.User {
	t.Helper()
	return freshUser(n)
}

// watch asks the database something with a connection of its own.
func watch(t *testing.T, url, query string, args ...any) string {
	t.Helper()
	return scalar[string](t, connect(t, url), query, args...)
}

func scalar[T any](t *testing.T, c *pgx.Conn, query string, args ...any) T {
	t.Helper()
	rows, err := c.Query(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[T])
	if err != nil || len(all) == 0 {
		t.Fatalf("%s: %v, %v", query, all, err)
	}
	return all[0]
}

// settingOf is what a connection of the pool has set.
func settingOf(t *testing.T, d *postgres.Database, name string) string {
	t.Helper()
	got, err := postgres.Setting(t.Context(), d, name)
	if err != nil {
		t.Fatal(err)
	}
	return got
}
