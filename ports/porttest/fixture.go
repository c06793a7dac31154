package porttest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// fixture is the directory of one case, with functions to fill it.
type fixture struct {
	*testing.T
	ports.Stores
	made int
}

func newFixture(t *testing.T, open Open) *fixture {
	t.Helper()
	return &fixture{T: t, Stores: open(t)}
}

// begin is the time of the first record of a case. Each later record is a second
// later.
var begin = time.Date(2024, time.March, 1, 12, 0, 0, 123_456_000, time.UTC)

func (f *fixture) next() (id [16]byte, at time.Time) {
	f.made++
	id = [16]byte{0: 1, 6: 0x70, 8: 0x80, 14: byte(f.made >> 8), 15: byte(f.made)}
	return id, begin.Add(time.Duration(f.made) * time.Second)
}

// nobody is an id that no record has.
var nobody = [16]byte{0: 0xff, 6: 0x70, 8: 0x80}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (f *fixture) newUser(name string) domain.User {
	f.Helper()
	id, at := f.next()
	return domain.NewUser(id, must[domain.Username](f)(domain.ParseUsername(name)),
		must[domain.Email](f)(domain.ParseEmail(name+"@example.com")), at)
}

func (f *fixture) user(name string) domain.User {
	f.Helper()
	return must[domain.User](f)(f.create(f.newUser(name)))
}

func (f *fixture) plan(code string, seats int64) domain.Plan {
	f.Helper()
	return must[domain.Plan](f)(f.putPlan(f.newPlan(code, seats)))
}

func (f *fixture) newOrganization(slug string, plan domain.PlanCode) domain.Organization {
	f.Helper()
	id, at := f.next()
	return domain.NewOrganization(id, must[domain.OrganizationName](f)(domain.ParseOrganizationName("The "+slug)),
		must[domain.Slug](f)(domain.ParseSlug(slug)), plan, at)
}

// organization makes an organization without a limit of seats.
func (f *fixture) organization(slug string, owner domain.UserID) domain.Organization {
	f.Helper()
	return f.organizationOn(f.plan("free", 0), slug, owner)
}

func (f *fixture) organizationOn(plan domain.Plan, slug string, owner domain.UserID) domain.Organization {
	f.Helper()
	return must[domain.Organization](f)(f.Organizations.CreateOrganization(f.Context(),
		ports.CreateOrganization{Organization: f.newOrganization(slug, plan.Code), Owner: owner}))
}

func (f *fixture) newMember(o domain.OrganizationID, u domain.UserID, role domain.Role) domain.Membership {
	_, at := f.next()
	return domain.Membership{Organization: o, User: u, Role: role, JoinedAt: at}
}

func (f *fixture) member(o domain.OrganizationID, u domain.UserID, role domain.Role) domain.Membership {
	f.Helper()
	return must[domain.Membership](f)(f.Memberships.AddMember(f.Context(), f.newMember(o, u, role)))
}

func (f *fixture) remove(user domain.UserID) {
	f.Helper()
	_, at := f.next()
	if err := f.Users.DeleteUser(f.Context(), ports.DeleteUser{ID: user, At: at}); err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) size(n int) domain.PageSize {
	f.Helper()
	return must[domain.PageSize](f)(domain.ParsePageSize(n))
}

// refused fails the test unless err has the kind and the reason, and names the
// field. An empty field accepts any.
func (f *fixture) refused(err error, kind domain.Kind, reason domain.Reason, field string) {
	f.Helper()
	var fault *domain.Error
	if !errors.As(err, &fault) {
		f.Errorf("the error is %v; it should be %s (%s)", err, kind, reason)
		return
	}
	if fault.Kind != kind || fault.Reason != reason || field != "" && fault.Field != field {
		f.Errorf("the error is %s (%s) of field %q, %v; it should be %s (%s) of %q",
			fault.Kind, fault.Reason, fault.Field, err, kind, reason, field)
	}
	if fault.Detail == "" || fault.Fix == "" {
		f.Errorf("the error %+v has no detail or no fix", fault)
	}
}

func (f *fixture) absent(err error) {
	f.Helper()
	f.refused(err, domain.NotFound, domain.ReasonUnknown, "")
}

// atOnce runs do n times at the same time and returns the results.
func atOnce(n int, do func(i int) error) []error {
	faults := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			faults[i] = do(i)
		})
	}
	close(start)
	all.Wait()
	return faults
}

// count counts errors by reason; "" counts the successes. An error without a kind
// fails the test.
func (f *fixture) count(faults []error) map[domain.Reason]int {
	f.Helper()
	counts := map[domain.Reason]int{}
	for _, err := range faults {
		var fault *domain.Error
		switch {
		case err == nil:
			counts[""]++
		case errors.As(err, &fault):
			counts[fault.Reason]++
		default:
			f.Errorf("an error of no kind: %v", err)
		}
	}
	return counts
}

func same[T comparable](f *fixture, what string, got, want T) {
	f.Helper()
	if plain(got) != plain(want) {
		f.Errorf("%s: got %s, want %s", what, fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want))
	}
}

// plain makes absent attributes and {} equal.
func plain(v any) any {
	switch v := v.(type) {
	case domain.User:
		if v.Attributes.String() == "{}" {
			v.Attributes = domain.Attributes{}
		}
		return v
	case ports.UserRecord:
		v.User = plain(v.User).(domain.User)
		return v
	}
	return v
}

func sameList[T comparable](f *fixture, what string, got, want []T) {
	f.Helper()
	if len(got) != len(want) {
		f.Errorf("%s: got %d, %+v; want %d, %+v", what, len(got), got, len(want), want)
		return
	}
	for i := range got {
		same(f, fmt.Sprintf("%s, number %d", what, i+1), got[i], want[i])
	}
}
