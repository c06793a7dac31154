package bulk_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// rush is organizations with few seats, all of them free, and users who all
// want one in each.
type rush struct {
	testdb.Crowd
	seats, wanting int
}

func newRush(t *testing.T, organizations, seats, wanting int) rush {
	t.Helper()
	r := rush{Crowd: testdb.NewCrowd(t, 0, organizations), seats: seats, wanting: wanting}
	c := pgtest.Connect(t, r.URL)
	pgtest.Execute(
		t, c,
		fmt.Sprintf("INSERT INTO roster.plans VALUES ('few', 'Few', %d)", seats),
		"UPDATE roster.organizations SET plan = 'few'",
	)
	for i := range wanting {
		if _, err := r.Users.CreateUser(t.Context(), ports.CreateUser{User: testdb.User(i)}); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// lines is every user in every organization, from the last organization, so
// that the file is not in the order in which locks are taken.
func (r rush) lines() iter.Seq2[ports.Line[ports.MembershipRecord], error] {
	return func(yield func(ports.Line[ports.MembershipRecord], error) bool) {
		for n := range r.wanting * len(r.Organizations) {
			o := r.Organizations[len(r.Organizations)-1-n%len(r.Organizations)]
			line := ports.Line[ports.MembershipRecord]{Number: int64(n + 1), Record: ports.MembershipRecord{
				Organization: ports.OrganizationRef{ID: o},
				User:         ports.UserRef{ID: testdb.User(n / len(r.Organizations)).ID},
				Role:         domain.Member,
			}}
			if !yield(line, nil) {
				return
			}
		}
	}
}

// load imports all lines and returns how many got a seat.
func (r rush) load(t *testing.T) (added ports.Added) {
	t.Helper()
	err := postgres.NewBulk(r.DB).Import(t.Context(), ports.BulkImport{At: testdb.Begin}, func(ctx context.Context, to ports.BulkWriter) (err error) {
		added, err = to.AddMemberships(ctx, r.lines(), func(refused ports.Refusal) error {
			if fault, ok := errors.AsType[*domain.Error](refused.Problem); !ok || fault.Reason != domain.ReasonSeats {
				t.Errorf("line %d: %v", refused.Line, refused.Problem)
			}
			return nil
		})
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return added
}

// join has every user ask for a seat in every organization, from the last user.
func (r rush) join(t *testing.T) (joined int) {
	memberships := r.Memberships
	for i := r.wanting - 1; i >= 0; i-- {
		for _, o := range r.Organizations {
			_, err := memberships.AddMember(t.Context(), domain.Membership{Organization: o, User: testdb.User(i).ID, Role: domain.Member, JoinedAt: testdb.Begin})
			if err == nil {
				joined++
			} else if !errors.Is(err, domain.Conflict) {
				t.Error(err)
			}
		}
	}
	return joined
}

func TestMembersWhoJoinDuringAnImportGetNoMoreThanTheSeats(t *testing.T) {
	for round := range 5 {
		t.Run(fmt.Sprint("round ", round), func(t *testing.T) {
			r := newRush(t, 6, 10, 40)
			joined := make([]int, 4)
			var imported ports.Added
			var all sync.WaitGroup
			all.Go(func() { imported = r.load(t) })
			for i := range joined {
				all.Go(func() { joined[i] = r.join(t) })
			}
			all.Wait()
			sum := int(imported.New)
			for _, n := range joined {
				sum += n
			}
			if want := r.seats * len(r.Organizations); sum != want {
				t.Errorf("%d seats taken, %d by the import and %v by those who joined, of %d", sum, imported.New, joined, want)
			}
			if lines := imported.New + imported.Unchanged + imported.Refused; int(lines) != r.wanting*len(r.Organizations) {
				t.Errorf("the import accounts for %d lines: %+v", lines, imported)
			}
			r.full(t)
			t.Logf("the import took %d seats, the others %v", imported.New, joined)
		})
	}
}

// full fails the test unless each organization has as many members as seats,
// and nobody met a deadlock.
func (r rush) full(t *testing.T) {
	t.Helper()
	rows := pgtest.Scalar[int64](t, pgtest.Connect(t, r.URL), fmt.Sprintf(
		"SELECT count(*) FROM (SELECT FROM roster.memberships GROUP BY organization_id HAVING count(*) = %d) o", r.seats))
	if int(rows) != len(r.Organizations) {
		t.Errorf("%d of %d organizations have as many members as seats", rows, len(r.Organizations))
	}
	if n := r.Deadlocks(t); n > 0 {
		t.Errorf("%d deadlocks", n)
	}
}
