package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func keyOf(caller string) *ports.Idempotency {
	return &ports.Idempotency{Caller: caller, Operation: "createUser", Key: "k", Fingerprint: [32]byte{1}, At: testdb.Begin}
}

func createUnder(t *testing.T, users *postgres.Users, n int, key *ports.Idempotency) error {
	t.Helper()
	_, err := users.CreateUser(t.Context(), ports.CreateUser{User: testdb.User(n), Idempotency: key})
	return err
}

func isRefused(t *testing.T, err error, kind domain.Kind, reason domain.Reason) {
	t.Helper()
	var fault *domain.Error
	if !errors.As(err, &fault) || fault.Kind != kind || fault.Reason != reason || fault.Field != "Idempotency-Key" {
		t.Errorf("the error is %v; it should be %s (%s) of the key", err, kind, reason)
	}
}

// held runs do while a transaction holds the names of user n: a creation of
// that user waits.
func held(t *testing.T, url string, n int, do func()) {
	t.Helper()
	c := pgtest.Connect(t, url)
	user := testdb.User(n)
	tx, err := c.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = tx.Exec(t.Context(), `INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
		VALUES (gen_random_uuid(), $1, $2, 'x', now(), now())`, user.Username.String(), user.Email.String())
	if err != nil {
		t.Fatal(err)
	}
	do()
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// manyLooks is how often a test looks for what happens soon.
const manyLooks = 20_000

// waits returns once some statement waits for a transaction.
func waits(t *testing.T, url string) {
	t.Helper()
	c := pgtest.Connect(t, url)
	for range manyLooks {
		if pgtest.Scalar[int64](t, c, `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock'`) > 0 {
			return
		}
	}
	t.Fatal("no statement waits")
}

func TestACommandUnderWayIsToldOfAtOnce(t *testing.T) {
	url := testdb.URL(t)
	users := postgres.NewUsers(testdb.Open(t, testdb.Config(url)))
	first := make(chan error, 1)
	held(t, url, 1, func() {
		go func() {
			_, err := users.CreateUser(context.WithoutCancel(t.Context()), ports.CreateUser{User: testdb.User(1), Idempotency: keyOf("ada")})
			first <- err
		}()
		waits(t, url)
		isRefused(t, createUnder(t, users, 1, keyOf("ada")), domain.Conflict, domain.ReasonInProgress)
		other := keyOf("ada")
		other.Fingerprint[0]++
		isRefused(t, createUnder(t, users, 2, other), domain.Conflict, domain.ReasonInProgress)
		if err := createUnder(t, users, 3, keyOf("ben")); err != nil {
			t.Errorf("another caller's: %v", err)
		}
	})
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	if err := createUnder(t, users, 1, keyOf("ada")); err != nil {
		t.Errorf("once it is done: %v", err)
	}
}

func TestACommandWhoseCallerLeftLeavesNoKey(t *testing.T) {
	url := testdb.URL(t)
	d := testdb.Open(t, testdb.Config(url))
	users := postgres.NewUsers(d)
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error, 1)
	held(t, url, 1, func() {
		go func() {
			_, err := users.CreateUser(ctx, ports.CreateUser{User: testdb.User(1), Idempotency: keyOf("ada")})
			left <- err
		}()
		waits(t, url)
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("the error is %v", err)
		}
	})
	if n := watch(t, url, "SELECT count(*)::text FROM roster.idempotency_keys"); n != "0" {
		t.Errorf("%s keys are kept", n)
	}
	for range manyLooks { // until the server has noticed
		if createUnder(t, users, 1, keyOf("ada")) == nil {
			return
		}
	}
	t.Error("the key is held for ever")
}

func TestExpiredKeysAreRemovedAFewAtATime(t *testing.T) {
	url := testdb.URL(t)
	users, c := postgres.NewUsers(testdb.Open(t, testdb.Config(url))), pgtest.Connect(t, url)
	pgtest.Execute(t, c, fmt.Sprintf(`INSERT INTO roster.idempotency_keys (caller, operation, key, fingerprint, result, created_at)
		SELECT 'old', 'createUser', n::text, '\x00', '{}', '%s'::timestamptz - interval '24 hours' - n * interval '1 s' FROM generate_series(0, 19) n`, testdb.Begin.Format(time.RFC3339)))
	const count = "SELECT count(*) FROM roster.idempotency_keys WHERE caller = 'old'"
	for n, want := range []int64{12, 4, 0, 0} {
		if err := createUnder(t, users, n, keyOf(fmt.Sprint("caller", n))); err != nil {
			t.Fatal(err)
		}
		if got := pgtest.Scalar[int64](t, c, count); got != want {
			t.Errorf("after %d keys %d old ones are there; there should be %d", n+1, got, want)
		}
	}
	if got := pgtest.Scalar[int64](t, c, "SELECT count(*) FROM roster.idempotency_keys"); got != 4 {
		t.Errorf("%d keys are kept; there should be 4", got)
	}
}

func TestExpiredKeysThatOthersRemoveAreNotWaitedFor(t *testing.T) {
	url := testdb.URL(t)
	users, c := postgres.NewUsers(testdb.Open(t, testdb.Config(url))), pgtest.Connect(t, url)
	pgtest.Execute(t, c, `INSERT INTO roster.idempotency_keys (caller, operation, key, fingerprint, result, created_at) VALUES ('old', 'createUser', 'k', '\x00', '{}', '2000-01-01')`)
	err := pgx.BeginFunc(t.Context(), c, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "DELETE FROM roster.idempotency_keys"); err != nil {
			return err
		}
		return createUnder(t, users, 1, keyOf("ada"))
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := watch(t, url, "SELECT string_agg(caller, ' ') FROM roster.idempotency_keys"); got != "ada" {
		t.Errorf("the keys kept are those of %q", got)
	}
}

func TestAnExpiredKeyIsTakenUpAgain(t *testing.T) {
	url := testdb.URL(t)
	users := postgres.NewUsers(testdb.Open(t, testdb.Config(url)))
	if err := createUnder(t, users, 1, keyOf("ada")); err != nil {
		t.Fatal(err)
	}
	again := keyOf("ada")
	again.Fingerprint[0]++
	again.At = testdb.Begin.Add(ports.KeepKeys)
	if err := createUnder(t, users, 2, again); err != nil {
		t.Fatal(err)
	}
	isRefused(t, createUnder(t, users, 2, &ports.Idempotency{Caller: again.Caller, Operation: again.Operation, Key: again.Key, At: again.At}), domain.Invalid, domain.ReasonReused)
}
