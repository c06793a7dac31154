package postgres_test

import (
	"errors"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// keysAboutUsers counts the idempotency keys that still hold data of a user.
const keysAboutUsers = "SELECT count(*) FROM roster.idempotency_keys WHERE (result IS NOT NULL OR about IS NOT NULL)"

// The patch commits its key while the erasure waits, so after the snapshot of the
// erasure was taken. Either may come first when the lock ends, so that this is tried
// until the patch does.
func TestAnErasureClearsAKeyThatWasStoredWhileItWaited(t *testing.T) {
	t.Parallel()
	d, c := testdb.New(t)
	users := postgres.NewUsers(d)
	for n := 1; !patchedBeforeErased(t, d, users, testdb.CreateUsers(t, users, n, n+1)[0].ID, c.Config().ConnString()); n++ {
		if n == 50 {
			t.Fatal("the erasure came first every time")
		}
	}
	if keys := pgtest.Scalar[int64](t, c, "SELECT count(*) FROM roster.idempotency_keys"); keys != 1 {
		t.Errorf("%d keys are stored; there should be one", keys)
	}
	if keys := pgtest.Scalar[int64](t, c, keysAboutUsers); keys != 0 {
		t.Errorf("%d keys hold data of the erased user", keys)
	}
}

// patchedBeforeErased has a patch and then an erasure wait for a user, and reports
// whether the patch came first.
func patchedBeforeErased(t *testing.T, d *postgres.Database, users *postgres.Users, id domain.UserID, url string) bool {
	t.Helper()
	tx := pgtest.Begin(t, url, "SELECT FROM roster.users FOR UPDATE")
	patched, erased := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := users.PatchUser(t.Context(), ports.PatchUser{
			ID: id, Status: domain.Suspended, At: testdb.Begin, Idempotency: keyOf("ada"),
		})
		patched <- err
	}()
	waitForLocks(t, d, url, 1)
	go func() {
		_, err := users.EraseUser(t.Context(), ports.EraseUser{ID: id})
		erased <- err
	}()
	waitForLocks(t, d, url, 2)
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	patch := <-patched
	if patch != nil && !errors.Is(patch, domain.NotFound) {
		t.Fatal(patch)
	}
	if err := <-erased; err != nil {
		t.Fatal(err)
	}
	return patch == nil
}

func TestADeletionByHandClearsTheKeysOfTheUser(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	for n, caller := range []string{"ada", "ben"} {
		if err := createUnder(t, users, n, keyOf(caller)); err != nil {
			t.Fatal(err)
		}
	}
	pgtest.Execute(t, c, "DELETE FROM roster.users WHERE username = 'user0'")
	if keys := pgtest.Scalar[int64](t, c, keysAboutUsers+" AND caller = 'ada'"); keys != 0 {
		t.Error("the key of the deleted user still holds its data")
	}
	if keys := pgtest.Scalar[int64](t, c, keysAboutUsers); keys != 1 {
		t.Errorf("%d keys hold data of the other user; one should", keys)
	}
	if err := createUnder(t, users, 1, keyOf("ben")); err != nil {
		t.Errorf("the key of the other user: %v", err)
	}
}

func TestAKeyThatIsUsedAgainIsClearedWithItsNewUser(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	later := keyOf("ada")
	later.At = testdb.Begin.Add(ports.KeepKeys)
	for n, key := range []*ports.Idempotency{keyOf("ada"), later} {
		if err := createUnder(t, users, n, key); err != nil {
			t.Fatal(err)
		}
	}
	pgtest.Execute(t, c, "DELETE FROM roster.users WHERE username = 'user0'")
	if keys := pgtest.Scalar[int64](t, c, keysAboutUsers); keys != 1 {
		t.Errorf("%d keys hold data of the new user; one should", keys)
	}
	pgtest.Execute(t, c, "DELETE FROM roster.users WHERE username = 'user1'")
	if keys := pgtest.Scalar[int64](t, c, keysAboutUsers); keys != 0 {
		t.Error("the key still holds data of the new user, which is deleted")
	}
}

func TestEarlierNamesLeaveTheVocabulary(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	user := testdb.CreateUsers(t, users, 1, 3)
	rename := func(id domain.UserID, name string) {
		t.Helper()
		displayName := domain.MustParse(domain.ParseDisplayName(name))
		if _, err := users.PatchUser(t.Context(), ports.PatchUser{ID: id, DisplayName: displayName, At: testdb.Begin}); err != nil {
			t.Fatal(err)
		}
	}
	known := func(token string) bool {
		return pgtest.Scalar[bool](t, c, "SELECT EXISTS (SELECT FROM roster.vocabulary WHERE token = $1)", token)
	}
	for _, name := range []string{"Zebulon Quimby", "Zebulon Orcutt", "Thaddeus Orcutt"} {
		rename(user[0].ID, name)
	}
	rename(user[1].ID, "Orcutt")
	for token, want := range map[string]bool{"zebulon": false, "quimby": false, "thaddeus": true, "orcutt": true} {
		if known(token) != want {
			t.Errorf("the vocabulary has %s: %v", token, !want)
		}
	}
	if _, err := users.EraseUser(t.Context(), ports.EraseUser{ID: user[0].ID}); err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]bool{"thaddeus": false, "orcutt": true} {
		if known(token) != want {
			t.Errorf("after the erasure, the vocabulary has %s: %v", token, !want)
		}
	}
}
