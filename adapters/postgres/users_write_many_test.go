package postgres_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// together is a new database whose writes all go by the statements for many,
// with users 0 to n-1.
func together(t *testing.T, n int) (*postgres.Users, string) {
	t.Helper()
	url := testdb.URL(t)
	d := testdb.Open(t, testdb.Batching(url))
	postgres.ManyForOne(d)
	users := postgres.NewUsers(d)
	for i := range n {
		if _, err := users.CreateUser(t.Context(), ports.CreateUser{User: testdb.User(i)}); err != nil {
			t.Fatal(err)
		}
	}
	return users, url
}

func replacement(t *testing.T, of, by int) ports.ReplaceUser {
	t.Helper()
	user := testdb.User(by)
	return ports.ReplaceUser{ID: testdb.User(of).ID, Username: user.Username, Email: user.Email, At: user.CreatedAt}
}

func TestAWriteThatWaitsForALockDelaysNoOther(t *testing.T) {
	users, url := together(t, 4)
	c := pgtest.Connect(t, url)
	pgtest.Execute(t, c, "BEGIN", "SELECT FROM roster.users WHERE username IN ('user0', 'user1') FOR UPDATE")
	var waiting sync.WaitGroup
	waiting.Go(func() {
		if _, err := users.ReplaceUser(t.Context(), replacement(t, 0, 100)); err != nil {
			t.Errorf("the user who was locked: %v", err)
		}
	})
	waiting.Go(func() {
		if err := users.DeleteUser(t.Context(), ports.DeleteUser{ID: testdb.User(1).ID, At: testdb.Begin}); err != nil {
			t.Errorf("the other user who was locked: %v", err)
		}
	})
	pgtest.LockWaits(t, url, 2)
	for n := range 3 { // one lane more than has slots
		if _, err := users.ReplaceUser(t.Context(), replacement(t, 2, 200+n)); err != nil {
			t.Error(err)
		}
	}
	if err := users.DeleteUser(t.Context(), ports.DeleteUser{ID: testdb.User(3).ID, At: testdb.Begin}); err != nil {
		t.Error(err)
	}
	pgtest.Execute(t, c, "COMMIT")
	waiting.Wait()
}

func TestAWriteThatIsRefusedHarmsNoNeighbour(t *testing.T) {
	users, url := together(t, 8)
	c := pgtest.Connect(t, url)
	// What comes while the lanes' slots wait is one batch.
	pgtest.Execute(t, c, "BEGIN", "LOCK TABLE roster.users IN SHARE MODE")
	var all sync.WaitGroup
	var contested [3]atomic.Int64 // how many got what two want
	write := func(want int, do func() error) {
		all.Go(func() {
			err := do()
			wantTaken(t, err, want >= 0 && err != nil)
			if want >= 0 && err == nil {
				contested[want].Add(1)
			}
		})
	}
	create := func(want int, user domain.User) {
		write(want, func() error {
			_, err := users.CreateUser(t.Context(), ports.CreateUser{User: user})
			return err
		})
	}
	replace := func(want, of, by int) {
		write(want, func() error {
			_, err := users.ReplaceUser(t.Context(), replacement(t, of, by))
			return err
		})
	}
	for n := range 30 {
		create(-1, testdb.User(10+n))
	}
	sameEmail := testdb.User(101)
	sameEmail.Email = testdb.User(100).Email
	create(0, testdb.User(100))
	create(0, sameEmail)
	for n := range 5 {
		replace(-1, n, 60+n)
	}
	create(1, testdb.User(102))
	replace(1, 5, 102)
	replace(2, 6, 103)
	replace(2, 7, 103)
	pgtest.LockWaits(t, url, 2) // one of each lane at least
	pgtest.Execute(t, c, "COMMIT")
	all.Wait()
	for want := range contested {
		if got := contested[want].Load(); got != 1 {
			t.Errorf("%d got name %d that two want", got, want)
		}
	}
}

func wantTaken(t *testing.T, err error, taken bool) {
	t.Helper()
	if !taken && err != nil || taken && !errors.Is(err, domain.Conflict) {
		t.Errorf("taken: %t; the error is %v", taken, err)
	}
}

// synced is a buffer for a logger's many goroutines.
type synced struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *synced) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func TestWritesThatShareStatementsAreAllThere(t *testing.T) {
	var log synced
	c := testdb.Batching(testdb.URL(t))
	c.SlowQuery, c.Logger = time.Nanosecond, slog.New(slog.NewTextHandler(&log, nil))
	d, err := postgres.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	users := postgres.NewUsers(d)
	const writers, each, people = 16, 12, 6
	var replaced [people]atomic.Int64
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := range each {
				own := 1000 + w*each + n
				if _, err := users.CreateUser(t.Context(), ports.CreateUser{User: testdb.User(own)}); err != nil {
					t.Error(err)
				}
				if n%3 == 2 {
					if err := users.DeleteUser(t.Context(), ports.DeleteUser{ID: testdb.User(own).ID, At: testdb.Begin}); err != nil {
						t.Error(err)
					}
				}
				person := own % people
				_, err := users.CreateUser(t.Context(), ports.CreateUser{User: testdb.User(person)})
				wantTaken(t, err, err != nil)
				before := replaced[person].Load()
				got, err := users.ReplaceUser(t.Context(), replacement(t, person, person))
				if err != nil || int64(got.Version) < before+2 {
					t.Errorf("after %d replacements one gives version %d, %v", before, got.Version, err)
				}
				replaced[person].Add(1)
			}
		})
	}
	all.Wait()
	for person := range people {
		want := replaced[person].Load() + 1
		if got, err := users.UserByID(t.Context(), testdb.User(person).ID); err != nil || int64(got.Version) != want {
			t.Errorf("user %d has version %d, not %d; %v", person, got.Version, want, err)
		}
	}
	if got, want := watch(t, c.URL, "SELECT count(*)::text FROM roster.users WHERE deleted_at IS NULL"), "134"; got != want { // 6, and two thirds of 192
		t.Errorf("there are %s users, not %s", got, want)
	}
	d.Close()
	for _, name := range []string{"users.insert_many", "users.update_many", "users.delete_many"} {
		if !strings.Contains(log.b.String(), name) {
			t.Errorf("%s was never sent: nothing is shared", name)
		}
	}
}

func TestReadersGetWhatTheyAskedFor(t *testing.T) {
	users, _ := together(t, 20)
	var all sync.WaitGroup
	for reader := range 16 {
		all.Go(func() {
			for n := range 40 {
				want := testdb.User((reader*7 + n) % 25)
				got, err := users.UserByID(t.Context(), want.ID)
				if missing := (reader*7+n)%25 >= 20; missing != errors.Is(err, domain.NotFound) || !missing && got != want {
					t.Errorf("%v: got %v, %v", want.ID, got, err)
				}
			}
		})
		all.Go(func() {
			size := domain.MustParse(domain.ParsePageSize(1 + reader))
			page, err := users.ListUsers(t.Context(), ports.ListUsers{Limit: size})
			if err != nil || len(page.Items) != size.Int() || page.Items[0] != testdb.User(19) || !page.More {
				t.Errorf("a list of %d: %d users, %v", size.Int(), len(page.Items), err)
			}
			term := testdb.User(reader).Username.String()
			found, err := users.SearchUsers(t.Context(), ports.SearchUsers{Term: domain.MustParse(domain.ParseSearchTerm(term)), Limit: size})
			if err != nil || len(found.Items) == 0 || found.Items[0].User != testdb.User(reader) {
				t.Errorf("a search for %s: %v, %v", term, found.Items, err)
			}
			order := ports.ListUsers{Limit: size, Order: domain.MustParse(domain.ParseUserOrder("username"))}
			first, err := users.ListUsers(t.Context(), order)
			if err != nil || first.Items[0] != testdb.User(0) {
				t.Errorf("a list by name: %v, %v", first.Items, err)
			}
			after := order.Order.Position(first.Items[0])
			order.After = &after
			next, err := users.ListUsers(t.Context(), order)
			if err != nil || next.Items[0] != testdb.User(1) {
				t.Errorf("the page after it: %v, %v", next.Items, err)
			}
		})
	}
	all.Wait()
}

func TestAClosedDatabaseServesNobody(t *testing.T) {
	d := testdb.Open(t, testdb.Batching(testdb.URL(t)))
	users := postgres.NewUsers(d)
	d.Close()
	_, err := users.UserByID(t.Context(), testdb.User(1).ID)
	unavailable(t, err, domain.ReasonUnreachable)
	_, err = users.CreateUser(t.Context(), ports.CreateUser{User: testdb.User(1)})
	unavailable(t, err, domain.ReasonUnreachable)
}
