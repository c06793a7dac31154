package bulk_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// contest is organizations with free seats, and more candidates: users that are to
// join every organization.
type contest struct {
	testdb.Crowd
	seats, candidates int
}

func newContest(t *testing.T, organizations, seats, candidates int) contest {
	t.Helper()
	c := contest{Crowd: testdb.NewCrowd(t, 0, organizations), seats: seats, candidates: candidates}
	pgtest.Execute(t, c.Conn, fmt.Sprintf("INSERT INTO roster.plans VALUES ('few', 'Few', %d)", seats),
		"UPDATE roster.organizations SET plan = 'few'")
	testdb.CreateUsers(t, c.Users, 0, candidates)
	return c
}

// lines has each candidate in each organization. It begins with the last
// organization, so that it is not in the order in which locks are taken.
func (c contest) lines() iter.Seq2[ports.Line[ports.MembershipRecord], error] {
	return func(yield func(ports.Line[ports.MembershipRecord], error) bool) {
		for n := range c.candidates * len(c.Organizations) {
			o := c.Organizations[len(c.Organizations)-1-n%len(c.Organizations)]
			line := ports.Line[ports.MembershipRecord]{Number: int64(n + 1), Record: ports.MembershipRecord{
				Organization: ports.OrganizationRef{ID: o},
				User:         ports.UserRef{ID: testdb.User(n / len(c.Organizations)).ID},
				Role:         domain.Member,
			}}
			if !yield(line, nil) {
				return
			}
		}
	}
}

// load imports all lines.
func (c contest) load(t *testing.T) (added ports.Added) {
	t.Helper()
	write := func(ctx context.Context, to ports.BulkWriter) (err error) {
		added, err = to.AddMemberships(ctx, c.lines(), func(refused ports.Refusal) error {
			if fault, ok := errors.AsType[*domain.Error](refused.Problem); !ok || fault.Reason != domain.ReasonSeats {
				t.Errorf("line %d: %v", refused.Line, refused.Problem)
			}
			return nil
		})
		return err
	}
	if err := postgres.NewBulk(c.DB).Import(t.Context(), ports.BulkImport{At: testdb.Begin}, write); err != nil {
		t.Error(err)
	}
	return added
}

// join adds each candidate to each organization, the last candidate first, and returns
// how many got a seat.
func (c contest) join(t *testing.T) (joined int) {
	t.Helper()
	for i := c.candidates - 1; i >= 0; i-- {
		for _, o := range c.Organizations {
			_, err := c.Memberships.AddMember(t.Context(), domain.Membership{
				Organization: o, User: testdb.User(i).ID, Role: domain.Member, JoinedAt: testdb.Begin,
			})
			if err == nil {
				joined++
			} else if !errors.Is(err, domain.Conflict) {
				t.Error(err)
			}
		}
	}
	return joined
}

func TestAnImportAndConcurrentJoinsFillTheSeatsAndNoMore(t *testing.T) {
	t.Parallel()
	for round := range 5 {
		t.Run(fmt.Sprint("round ", round), func(t *testing.T) {
			t.Parallel()
			c := newContest(t, 6, 10, 40)
			joined := make([]int, 4)
			var imported ports.Added
			var all sync.WaitGroup
			all.Go(func() { imported = c.load(t) })
			for i := range joined {
				all.Go(func() { joined[i] = c.join(t) })
			}
			all.Wait()
			sum := int(imported.New)
			for _, n := range joined {
				sum += n
			}
			if want := c.seats * len(c.Organizations); sum != want {
				t.Errorf("the import took %d seats and the joins %v; together there are %d", imported.New, joined, want)
			}
			if lines := imported.New + imported.Unchanged + imported.Refused; int(lines) != c.candidates*len(c.Organizations) {
				t.Errorf("the import counts %d lines: %+v", lines, imported)
			}
			c.wantFull(t)
			t.Logf("the import took %d seats, the joins %v", imported.New, joined)
		})
	}
}

// wantFull fails the test unless each organization has as many members as seats, and
// there was no deadlock.
func (c contest) wantFull(t *testing.T) {
	t.Helper()
	rows := pgtest.Scalar[int64](t, c.Conn, fmt.Sprintf(
		"SELECT count(*) FROM (SELECT FROM roster.memberships GROUP BY organization_id HAVING count(*) = %d) o", c.seats))
	if int(rows) != len(c.Organizations) {
		t.Errorf("%d of %d organizations have as many members as seats", rows, len(c.Organizations))
	}
	if n := c.Deadlocks(t); n > 0 {
		t.Errorf("%d deadlocks", n)
	}
}
