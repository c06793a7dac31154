package postgres_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// Each of these writes of one user waits for the same batch.
func TestWritesOfOneUserAreOneTransactionInTheOrderOfTheirArrival(t *testing.T) {
	t.Parallel()
	d, users, conn := usersByMany(t, 10)
	release := postgres.Hold(t, d, database.Batched)
	var all sync.WaitGroup
	inTurn(t, d, &all, replaceWith(t, users, replacement(8, 8), 2), replaceWith(t, users, replacement(9, 9), 2))
	waiting := 0
	next := func(write func()) {
		all.Go(write)
		waiting++
		pgtest.Eventually(t, "the write waits", func() bool { return postgres.WaitingWrites(users) == waiting })
	}
	next(replaceWith(t, users, replacement(0, 60), 2))
	next(replaceWith(t, users, replacement(1, 61), 2))
	expected := replacement(0, 62)
	expected.IfMatch = 2
	next(replaceWith(t, users, expected, 3))
	outdated := replacement(1, 63)
	outdated.IfMatch = 1
	next(func() {
		_, err := users.ReplaceUser(t.Context(), outdated)
		if !errors.Is(err, domain.Stale) {
			t.Errorf("a version that the batch has replaced: %v", err)
		}
	})
	release()
	all.Wait()
	const written = "SELECT count(*) || ' in ' || count(DISTINCT changed) FROM roster.users WHERE username = ANY ($1)"
	names := []string{expected.Username.String(), testdb.User(61).Username.String()}
	if got := pgtest.Scalar[string](t, conn, written, names); got != "2 in 1" {
		t.Errorf("the last writes are %s transactions", got)
	}
}

// replaceWith wants a replacement to give a version.
func replaceWith(t *testing.T, users *postgres.Users, with ports.ReplaceUser, want domain.Version) func() {
	return func() {
		got, err := users.ReplaceUser(t.Context(), with)
		if err != nil || got.Version != want || got.Username != with.Username {
			t.Errorf("version %d of %v, %v; it should be %d", got.Version, got.Username, err, want)
		}
	}
}
