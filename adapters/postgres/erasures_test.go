package postgres_test

import (
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

const toldByKeys = "SELECT count(*) FROM roster.idempotency_keys WHERE (result IS NOT NULL OR about IS NOT NULL)"

// The patch commits its key while the erasure waits, and so after the erasure
// has begun to look.
func TestAnErasureForgetsWhatWasKeptWhileItWaited(t *testing.T) {
	url := testdb.URL(t)
	users, c := postgres.NewUsers(testdb.Open(t, testdb.Config(url))), pgtest.Connect(t, url)
	user := testdb.User(1)
	if err := createUnder(t, users, 1, nil); err != nil {
		t.Fatal(err)
	}
	tx, err := pgtest.Connect(t, url).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "SELECT FROM roster.users FOR UPDATE"); err != nil {
		t.Fatal(err)
	}
	patched, erased := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := users.PatchUser(t.Context(), ports.PatchUser{ID: user.ID, Status: domain.Suspended, At: testdb.Begin, Idempotency: keyOf("ada")})
		patched <- err
	}()
	waits(t, url)
	go func() { erased <- users.EraseUser(t.Context(), ports.EraseUser{ID: user.ID}) }()
	for pgtest.Scalar[int64](t, c, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") < 2 {
		if t.Context().Err() != nil {
			t.Fatal("the erasure does not wait")
		}
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-patched; err != nil {
		t.Fatal(err)
	}
	if err := <-erased; err != nil {
		t.Fatal(err)
	}
	if keys, told := pgtest.Scalar[int64](t, c, "SELECT count(*) FROM roster.idempotency_keys"), pgtest.Scalar[int64](t, c, toldByKeys); keys != 1 || told != 0 {
		t.Errorf("of %d keys %d tell of the user; of one none should", keys, told)
	}
}

func TestADeletionByHandForgetsWhatIsKeptUnderKeys(t *testing.T) {
	url := testdb.URL(t)
	users, c := postgres.NewUsers(testdb.Open(t, testdb.Config(url))), pgtest.Connect(t, url)
	for n, caller := range []string{"ada", "ben"} {
		if err := createUnder(t, users, n, keyOf(caller)); err != nil {
			t.Fatal(err)
		}
	}
	pgtest.Execute(t, c, "DELETE FROM roster.users WHERE username = 'user0'")
	if told := pgtest.Scalar[int64](t, c, toldByKeys+" AND caller = 'ada'"); told != 0 {
		t.Error("the key of the user who is gone still tells of it")
	}
	if told := pgtest.Scalar[int64](t, c, toldByKeys); told != 1 {
		t.Errorf("%d keys tell of the user who is left; one should", told)
	}
	if err := createUnder(t, users, 1, keyOf("ben")); err != nil {
		t.Errorf("the key about another: %v", err)
	}
}

func TestAKeyTakenUpAgainTellsOfItsNewUser(t *testing.T) {
	url := testdb.URL(t)
	users, c := postgres.NewUsers(testdb.Open(t, testdb.Config(url))), pgtest.Connect(t, url)
	later := keyOf("ada")
	later.At = testdb.Begin.Add(ports.KeepKeys)
	for n, key := range []*ports.Idempotency{keyOf("ada"), later} {
		if err := createUnder(t, users, n, key); err != nil {
			t.Fatal(err)
		}
	}
	pgtest.Execute(t, c, "DELETE FROM roster.users WHERE username = 'user0'")
	if told := pgtest.Scalar[int64](t, c, toldByKeys); told != 1 {
		t.Errorf("%d keys tell of the new user; one should", told)
	}
	pgtest.Execute(t, c, "DELETE FROM roster.users WHERE username = 'user1'")
	if told := pgtest.Scalar[int64](t, c, toldByKeys); told != 0 {
		t.Error("the key still tells of the new user, who is gone")
	}
}
