package porttest

import (
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func bulkEvents() []testCase {
	return []testCase{
		{"events without ids are known by their content, as often as it stands in the file", func(f *fixture) {
			r := f.acme(0, "ada", "ben")
			login := f.login("ada", begin)
			r.events = []ports.EventRecord{
				login, login, login, login, login, f.login("ben", begin),
				f.login("ada", begin.Add(time.Microsecond)),
			}
			r.events[1].Payload = must[domain.Payload](f)(domain.ParsePayload([]byte(`{"a":1}`)))
			r.events[2].Kind = must[domain.EventKind](f)(domain.ParseEventKind("logout"))
			r.events[4].User = f.username("ADA")
			f.became(f.load(r), ports.EventRecords, ports.Added{New: 7})
			before := f.contents()
			f.unchanged(r)
			f.unchanged(records{events: []ports.EventRecord{r.events[6], r.events[5], login, login}})
			f.holds(before)
			f.became(f.load(records{events: []ports.EventRecord{login, login, login, login}}), ports.EventRecords, ports.Added{New: 1, Unchanged: 3})
		}},
		{"an event of an erased user has no user", func(f *fixture) {
			r := f.acme(0)
			erased := f.login("ada", begin)
			erased.User = ports.UserRef{}
			r.events = []ports.EventRecord{erased, erased}
			f.became(f.load(r), ports.EventRecords, ports.Added{New: 2})
			f.unchanged(records{events: r.events})
			same(f, "the user", f.contents().events[0].User, domain.UserID{})
		}},
		{"a line that is refused and corrected later does not change the ids of its neighbours", func(f *fixture) {
			r := f.acme(0)
			erased, ada := f.login("ada", begin), f.login("ada", begin)
			erased.User = ports.UserRef{}
			r.events = []ports.EventRecord{ada, erased}
			f.became(f.load(r), ports.EventRecords, ports.Added{New: 1, Refused: 1}, unknown(0, "user"))
			r.users = []ports.UserRecord{f.bareUser("ada")}
			f.became(f.load(r), ports.EventRecords, ports.Added{New: 1, Unchanged: 1})
		}},
		{"one id at two times is two events, with other content at one a refusal", func(f *fixture) {
			r := f.acme(0, "ada")
			one := f.login("ada", begin)
			one.ID, _ = f.next()
			later, other := one, one
			later.OccurredAt = begin.AddDate(0, 1, 0)
			other.Kind = must[domain.EventKind](f)(domain.ParseEventKind("logout"))
			r.events = []ports.EventRecord{one, other, later}
			f.became(f.load(r), ports.EventRecords, ports.Added{New: 2, Refused: 1}, differs(1, "kind"))
		}},
		{"events of any month from 2000 on come in", func(f *fixture) {
			r := f.acme(0, "ada")
			for _, at := range []time.Time{
				time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
				time.Date(2024, 2, 29, 23, 59, 59, 999_999_000, time.UTC),
				time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC),
			} {
				r.events = append(r.events, f.login("ada", at))
			}
			f.became(f.load(r), ports.EventRecords, ports.Added{New: 3})
		}},
	}
}

func bulkMemberships() []testCase {
	return []testCase{
		{"of too many members the first get the seats", func(f *fixture) {
			r := f.acme(2, "ada", "ben", "cho", "dan")
			r.memberships = []ports.MembershipRecord{
				f.joins("acme", "cho"), f.joins("acme", "none"), f.joins("acme", "cho"),
				f.joins("acme", "ada"), f.joins("acme", "ben"), f.joins("acme", "dan"),
			}
			f.became(f.load(r), ports.MembershipRecords, ports.Added{New: 2, Unchanged: 1, Refused: 3},
				unknown(1, "user"), full(4), full(5))
			again := records{memberships: []ports.MembershipRecord{f.joins("acme", "dan"), f.joins("acme", "ada")}}
			f.became(f.load(again), ports.MembershipRecords, ports.Added{Unchanged: 1, Refused: 1}, full(0))
		}},
		{"each organization has seats of its own, and the deleted take none", func(f *fixture) {
			r := f.acme(1, "ada", "ben", "gone")
			r.organizations = append(r.organizations, f.bareOrganization("bolt", "free"))
			r.users[2].ID, _ = f.next()
			r.users[2].DeletedAt = begin
			gone := f.joins("acme", "gone")
			gone.User = ports.UserRef{ID: r.users[2].ID}
			r.memberships = []ports.MembershipRecord{
				gone, f.joins("acme", "ada"), f.joins("bolt", "ada"), f.joins("acme", "ben"),
				f.joins("bolt", "ben"),
			}
			f.became(f.load(r), ports.MembershipRecords, ports.Added{New: 3, Refused: 2}, full(3), full(4))
		}},
	}
}
