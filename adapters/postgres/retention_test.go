package postgres_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// Two programs with a retention of 30 days. Users 1 to 40 were deleted on as many days.
func TestUsersWhoWereDeletedLongAgoAreErased(t *testing.T) {
	t.Parallel()
	c := testdb.NewCrowd(t, 1, 1)
	users := testdb.CreateUsers(t, c.Users, 100, 141)
	for i, user := range users[1:] {
		at := testdb.Begin.AddDate(0, 0, -i-1)
		if err := c.Users.DeleteUser(t.Context(), ports.DeleteUser{ID: user.ID, At: at}); err != nil {
			t.Fatal(err)
		}
	}
	held := users[40].ID
	if _, err := c.Users.HoldUser(t.Context(), ports.HoldUser{ID: held, At: testdb.Begin}); err != nil {
		t.Fatal(err)
	}
	var programs sync.WaitGroup
	var erased [2]int
	for i := range erased {
		retention := postgres.NewRetention(c.DB, 30*24*time.Hour)
		postgres.RetentionAt(retention, testdb.Begin, 3)
		programs.Go(func() {
			for more := true; more; {
				n, found, err := retention.Part(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				erased[i] += n
				more = found
			}
		})
	}
	programs.Wait()
	if erased[0]+erased[1] != 9 {
		t.Errorf("%v users were erased; want 9 in all", erased)
	}
	for i, user := range users {
		_, err := c.Users.AnyUserByID(t.Context(), user.ID)
		if gone := i > 30 && user.ID != held; gone != errors.Is(err, domain.NotFound) {
			t.Errorf("the user who was deleted %d days ago: %v", i, err)
		}
	}
	n := pgtest.Scalar[int64](t, c.Conn, "SELECT count(*) FROM roster.log WHERE kind = 'user.erased' AND actor = 'retention'")
	if n != 9 {
		t.Errorf("the log has %d erasures by retention; want 9", n)
	}
	if n := pgtest.Scalar[int64](t, c.Conn, "SELECT count(*) FROM roster.erasures"); n != 9 {
		t.Errorf("there are %d erasures; want 9", n)
	}
}

// A user is restored, and another one held, after a part has chosen them.
func TestRetentionSparesUsersWhoAreRestoredOrHeldMeanwhile(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	d := testdb.Open(t, testdb.Config(c.Config().ConnString()))
	both := testdb.CreateUsers(t, users, 1, 3)
	for _, user := range both {
		if err := users.DeleteUser(t.Context(), ports.DeleteUser{ID: user.ID, At: testdb.Begin}); err != nil {
			t.Fatal(err)
		}
	}
	retention := postgres.NewRetention(d, time.Hour)
	postgres.RetentionAt(retention, testdb.Begin.AddDate(1, 0, 0), 10)
	url := c.Config().ConnString()
	tx := pgtest.Begin(t, url, "UPDATE roster.users SET deleted_at = NULL WHERE username = 'user1'",
		"UPDATE roster.users SET held_at = now() WHERE username = 'user2'")
	done := make(chan error, 1)
	go func() {
		n, _, err := retention.Part(t.Context())
		if n > 0 {
			t.Errorf("%d users were erased", n)
		}
		done <- err
	}()
	waitForLocks(t, d, url, 1)
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	for _, user := range both {
		if _, err := users.AnyUserByID(t.Context(), user.ID); err != nil {
			t.Error(err)
		}
	}
}
