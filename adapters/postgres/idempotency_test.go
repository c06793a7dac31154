package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
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

// refusesKey fails the test unless an error is about the key, for a reason.
func refusesKey(t *testing.T, err error, kind domain.Kind, reason domain.Reason) {
	t.Helper()
	var fault *domain.Error
	if !errors.As(err, &fault) || fault.Kind != kind || fault.Reason != reason || fault.Field != "Idempotency-Key" {
		t.Errorf("the error is %v; it should be %s (%s) of the key", err, kind, reason)
	}
}

// whileCreationWaits runs do while another transaction holds the names of user n, so
// that a creation of that user waits.
func whileCreationWaits(t *testing.T, url string, n int, do func()) {
	t.Helper()
	tx := pgtest.Begin(t, url)
	user := testdb.User(n)
	_, err := tx.Exec(t.Context(), `INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
		VALUES (gen_random_uuid(), $1, $2, 'x', now(), now())`, user.Username.String(), user.Email.String())
	if err != nil {
		t.Fatal(err)
	}
	do()
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestAKeyWhoseCommandIsRunningIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	d, c := testdb.New(t)
	users, url := postgres.NewUsers(d), c.Config().ConnString()
	first := make(chan error, 1)
	whileCreationWaits(t, url, 1, func() {
		go func() { first <- createUnder(t, users, 1, keyOf("ada")) }()
		waitForLocks(t, d, url, 1)
		refusesKey(t, createUnder(t, users, 1, keyOf("ada")), domain.Conflict, domain.ReasonInProgress)
		other := keyOf("ada")
		other.Fingerprint[0]++
		refusesKey(t, createUnder(t, users, 2, other), domain.Conflict, domain.ReasonInProgress)
		if err := createUnder(t, users, 3, keyOf("ben")); err != nil {
			t.Errorf("the same key of another caller: %v", err)
		}
	})
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	if err := createUnder(t, users, 1, keyOf("ada")); err != nil {
		t.Errorf("after the command has ended: %v", err)
	}
}

func TestACommandWhoseCallerLeftLeavesNoKey(t *testing.T) {
	t.Parallel()
	d, c := testdb.New(t)
	users, url := postgres.NewUsers(d), c.Config().ConnString()
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error, 1)
	whileCreationWaits(t, url, 1, func() {
		go func() {
			_, err := users.CreateUser(ctx, ports.CreateUser{User: testdb.User(1), Idempotency: keyOf("ada")})
			left <- err
		}()
		waitForLocks(t, d, url, 1)
		cancel()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("the error is %v", err)
		}
	})
	if n := scalar(t, url, "SELECT count(*)::text FROM roster.idempotency_keys"); n != "0" {
		t.Errorf("%s keys are stored", n)
	}
	pgtest.Eventually(t, "the server ends the command", func() bool { return createUnder(t, users, 1, keyOf("ada")) == nil })
}

func TestExpiredKeysAreRemovedAFewAtATime(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	pgtest.Execute(t, c, fmt.Sprintf(`INSERT INTO roster.idempotency_keys (caller, operation, key, fingerprint, result, created_at)
		SELECT 'old', 'createUser', n::text, '\x00', '{}', '%s'::timestamptz - interval '24 hours' - n * interval '1 s'
		FROM generate_series(0, 19) n`, testdb.Begin.Format(time.RFC3339)))
	const count = "SELECT count(*) FROM roster.idempotency_keys WHERE caller = 'old'"
	for n, want := range []int64{12, 4, 0, 0} {
		if err := createUnder(t, users, n, keyOf(fmt.Sprint("caller", n))); err != nil {
			t.Fatal(err)
		}
		if got := pgtest.Scalar[int64](t, c, count); got != want {
			t.Errorf("after %d new keys there are %d old ones; there should be %d", n+1, got, want)
		}
	}
	if got := pgtest.Scalar[int64](t, c, "SELECT count(*) FROM roster.idempotency_keys"); got != 4 {
		t.Errorf("%d keys are stored; there should be 4", got)
	}
}

func TestAnExpiredKeyThatAnotherRemovesIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	pgtest.Execute(t, c, `INSERT INTO roster.idempotency_keys (caller, operation, key, fingerprint, result, created_at)
		VALUES ('old', 'createUser', 'k', '\x00', '{}', '2000-01-01')`)
	err := pgx.BeginFunc(t.Context(), c, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "DELETE FROM roster.idempotency_keys"); err != nil {
			return err
		}
		return createUnder(t, users, 1, keyOf("ada"))
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := pgtest.Scalar[string](t, c, "SELECT string_agg(caller, ' ') FROM roster.idempotency_keys"); got != "ada" {
		t.Errorf("the keys stored are those of %q", got)
	}
}

func TestAnExpiredKeyIsUsedAgain(t *testing.T) {
	t.Parallel()
	users, _ := testdb.NewUsers(t)
	if err := createUnder(t, users, 1, keyOf("ada")); err != nil {
		t.Fatal(err)
	}
	again := keyOf("ada")
	again.Fingerprint[0]++
	again.At = testdb.Begin.Add(ports.KeepKeys)
	if err := createUnder(t, users, 2, again); err != nil {
		t.Fatal(err)
	}
	other := *again
	other.Fingerprint = [32]byte{}
	refusesKey(t, createUnder(t, users, 2, &other), domain.Invalid, domain.ReasonReused)
}
