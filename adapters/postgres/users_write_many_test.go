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

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// usersByMany opens a new database, which batches, with users 0 to n-1.
func usersByMany(t *testing.T, n int) (*postgres.Database, *postgres.Users, *pgx.Conn) {
	t.Helper()
	url := testdb.URL(t)
	d := testdb.Open(t, testdb.Batching(url))
	users := postgres.NewUsers(d)
	testdb.CreateUsers(t, users, 0, n)
	return d, users, pgtest.Connect(t, url)
}

// replacement gives user of the names of user by.
func replacement(of, by int) ports.ReplaceUser {
	user := testdb.User(by)
	return ports.ReplaceUser{ID: testdb.User(of).ID, Username: user.Username, Email: user.Email, At: user.CreatedAt}
}

func TestAWriteThatIsRefusedDoesNotFailOthersInItsBatch(t *testing.T) {
	t.Parallel()
	d, users, _ := usersByMany(t, 10)
	// The requests that arrive while the batches in flight wait are one batch.
	release := postgres.Hold(t, d, database.Batched)
	var all sync.WaitGroup
	var contested [3]atomic.Int64 // the writes that got a name which two want
	write := func(want int, do func() error) func() {
		return func() {
			err := do()
			wantTaken(t, err, want >= 0 && err != nil)
			if want >= 0 && err == nil {
				contested[want].Add(1)
			}
		}
	}
	create := func(want int, user domain.User) func() {
		return write(want, func() error {
			_, err := users.CreateUser(t.Context(), ports.CreateUser{User: user})
			return err
		})
	}
	replace := func(want, of, by int) func() {
		return write(want, func() error {
			_, err := users.ReplaceUser(t.Context(), replacement(of, by))
			return err
		})
	}
	inTurn(t, d, &all, create(-1, testdb.User(50)), create(-1, testdb.User(51)), replace(-1, 8, 8), replace(-1, 9, 9))
	for n := range 30 {
		all.Go(create(-1, testdb.User(10+n)))
	}
	sameEmail := testdb.User(101)
	sameEmail.Email = testdb.User(100).Email
	all.Go(create(0, testdb.User(100)))
	all.Go(create(0, sameEmail))
	for n := range 5 {
		all.Go(replace(-1, n, 60+n))
	}
	all.Go(create(1, testdb.User(102)))
	all.Go(replace(1, 5, 102))
	all.Go(replace(2, 6, 103))
	all.Go(replace(2, 7, 103))
	pgtest.Eventually(t, "all others wait", func() bool { return postgres.WaitingWrites(users) == 33+8 })
	release()
	all.Wait()
	for want := range contested {
		if got := contested[want].Load(); got != 1 {
			t.Errorf("%d of two writes got name %d", got, want)
		}
	}
}

// wantTaken fails the test unless a write has failed with a conflict, or has not failed.
func wantTaken(t *testing.T, err error, taken bool) {
	t.Helper()
	if !taken && err != nil || taken && !errors.Is(err, domain.Conflict) {
		t.Errorf("taken: %t; the error is %v", taken, err)
	}
}

// lockedBuffer is a buffer that several goroutines may write to.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *lockedBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func TestWritesThatShareStatementsAreAllStored(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
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
				got, err := users.ReplaceUser(t.Context(), replacement(person, person))
				if err != nil || int64(got.Version) < before+2 {
					t.Errorf("after %d replacements another one gives version %d, %v", before, got.Version, err)
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
	const stored = "SELECT count(*)::text FROM roster.users WHERE deleted_at IS NULL"
	if got, want := scalar(t, c.URL, stored), "134"; got != want { // 6, and two thirds of 192
		t.Errorf("there are %s users, not %s", got, want)
	}
	d.Close()
	for _, name := range []string{"users.insert_many", "users.update_many", "users.delete_many"} {
		if !strings.Contains(log.b.String(), name) {
			t.Errorf("%s was never sent: no writes shared a statement", name)
		}
	}
}

func TestConcurrentReadersGetTheirOwnAnswers(t *testing.T) {
	t.Parallel()
	_, users, _ := usersByMany(t, 20)
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
			search := ports.SearchUsers{Term: domain.MustParse(domain.ParseSearchTerm(term)), Limit: size}
			found, err := users.SearchUsers(t.Context(), search)
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

func TestAClosedDatabaseIsUnreachable(t *testing.T) {
	t.Parallel()
	d := testdb.Open(t, testdb.Batching(testdb.URL(t)))
	users := postgres.NewUsers(d)
	d.Close()
	_, err := users.UserByID(t.Context(), testdb.User(1).ID)
	unavailable(t, err, domain.ReasonUnreachable)
	_, err = users.CreateUser(t.Context(), ports.CreateUser{User: testdb.User(1)})
	unavailable(t, err, domain.ReasonUnreachable)
}
