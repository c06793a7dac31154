package porttest

import (
	"fmt"
	"sync/atomic"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// membersWithin are cases of callers that are bound to an organization.
func membersWithin() []testCase {
	return []testCase{
		{"a bound caller finds members by id and names, and nobody else", membersAreFound},
		{"a bound caller finds those of many ids who are members", func(f *fixture) {
			t := f.tenants()
			for _, c := range []struct {
				within domain.OrganizationID
				want   []domain.User
			}{{t.home, []domain.User{t.both, t.inside}}, {t.abroad, []domain.User{t.outside, t.both}}, {nobody, nil}} {
				ids := []domain.UserID{t.outside.ID, t.both.ID, nobody, t.loose.ID, t.gone.ID, t.inside.ID, t.both.ID}
				got, err := f.Users.UsersByIDWithin(f.Context(), ports.Within[[]domain.UserID]{Organization: c.within, Wanted: ids})
				sameList(f, "members of many ids", must[[]domain.User](f)(got, err), c.want)
			}
		}},
		{"bound callers of many organizations at once each find their own members", boundCallersTogether},
		{"a bound caller changes members, and nobody else", membersAreChanged},
		{"bound callers of many organizations at once each change their own members", boundChangesTogether},
		{"a bound caller follows the changes of members, and of nobody else", changesWithin},
	}
}

// tenants are two organizations, with users in one, the other, both and neither.
type tenants struct {
	home, abroad                       domain.OrganizationID
	inside, outside, both, loose, gone domain.User
}

func (f *fixture) tenants() tenants {
	f.Helper()
	active := func(name string) domain.User {
		user := f.full(name)
		user.Status = domain.Active
		return must[domain.User](f)(f.create(user))
	}
	t := tenants{inside: active("inside"), outside: active("outside"), both: active("both"), loose: active("loose"), gone: active("gone")}
	t.home, t.abroad = f.organization("home", t.inside.ID).ID, f.organization("abroad", t.outside.ID).ID
	for _, each := range []domain.OrganizationID{t.home, t.abroad} {
		f.member(each, t.both.ID, domain.Member)
		f.member(each, t.gone.ID, domain.Member)
	}
	f.remove(t.gone.ID)
	return t
}

// hidden are the users that a caller bound to home does not find, and one that does
// not exist.
func (f *fixture) hidden(t tenants) []domain.User {
	absent := f.full("absent")
	return []domain.User{t.outside, t.loose, t.gone, absent}
}

func membersAreFound(f *fixture) {
	t := f.tenants()
	hidden := f.hidden(t)
	for way, find := range map[string]func(domain.User) (domain.User, error){
		"id": func(u domain.User) (domain.User, error) {
			return f.Users.UserByIDWithin(f.Context(), ports.Within[domain.UserID]{Organization: t.home, Wanted: u.ID})
		},
		"username": func(u domain.User) (domain.User, error) {
			return f.Users.UserByUsernameWithin(f.Context(), ports.Within[domain.Username]{Organization: t.home, Wanted: u.Username})
		},
		"email": func(u domain.User) (domain.User, error) {
			return f.Users.UserByEmailWithin(f.Context(), ports.Within[domain.Email]{Organization: t.home, Wanted: u.Email})
		},
		"external id": func(u domain.User) (domain.User, error) {
			return f.Users.UserByExternalIDWithin(f.Context(), ports.Within[domain.ExternalID]{Organization: t.home, Wanted: u.ExternalID})
		},
	} {
		for _, user := range []domain.User{t.inside, t.both} {
			same(f, "the member by "+way, must[domain.User](f)(find(user)), user)
		}
		for _, user := range hidden {
			found, err := find(user)
			f.absent(err)
			if found != (domain.User{}) {
				f.Errorf("beside the error, %s is found by %s", found.Username, way)
			}
		}
	}
}

func boundCallersTogether(f *fixture) {
	const organizations, users = 6, 6
	var homes []domain.OrganizationID
	var members [][]domain.User
	for o := range organizations {
		var own []domain.User
		for u := range users {
			own = append(own, f.user(fmt.Sprintf("user%d-%d", o, u)))
		}
		homes, members = append(homes, f.organization(fmt.Sprintf("home%d", o), own[0].ID).ID), append(members, own)
		for _, user := range own[1:] {
			f.member(homes[o], user.ID, domain.Member)
		}
	}
	var wrong atomic.Int64
	faults := atOnce(organizations*organizations*users, func(i int) error {
		asks, of, wanted := i%organizations, i/organizations%organizations, members[i/organizations%organizations][i/organizations/organizations]
		got, err := f.Users.UserByIDWithin(f.Context(), ports.Within[domain.UserID]{Organization: homes[asks], Wanted: wanted.ID})
		if (asks == of) != (got.ID == wanted.ID && err == nil) {
			wrong.Add(1)
		}
		return err
	})
	counts := f.count(faults)
	if counts[""] != organizations*users || counts[domain.ReasonUnknown] != organizations*(organizations-1)*users || wrong.Load() > 0 {
		f.Errorf("outcomes by reason: %v; %d are wrong", counts, wrong.Load())
	}
}

func membersAreChanged(f *fixture) {
	t := f.tenants()
	called := must[domain.DisplayName](f)(domain.ParseDisplayName("Changed"))
	writes := map[string]func(domain.User, domain.Version, *ports.Idempotency) (domain.User, error){
		"replaced": func(u domain.User, v domain.Version, key *ports.Idempotency) (domain.User, error) {
			return f.Users.ReplaceUser(f.Context(), ports.ReplaceUser{
				ID: u.ID, Within: t.home, IfMatch: v, Username: u.Username, Email: u.Email, DisplayName: called, At: u.UpdatedAt, Idempotency: key,
			})
		},
		"patched": func(u domain.User, v domain.Version, key *ports.Idempotency) (domain.User, error) {
			return f.Users.PatchUser(f.Context(), ports.PatchUser{
				ID: u.ID, Within: t.home, IfMatch: v, DisplayName: called, At: u.UpdatedAt, Idempotency: key,
			})
		},
		"patched with attributes": func(u domain.User, v domain.Version, key *ports.Idempotency) (domain.User, error) {
			return f.Users.PatchUser(f.Context(), ports.PatchUser{
				ID: u.ID, Within: t.home, IfMatch: v, Attributes: f.attributesPatch(`{"a":1}`), At: u.UpdatedAt, Idempotency: key,
			})
		},
		"suspended": func(u domain.User, v domain.Version, key *ports.Idempotency) (domain.User, error) {
			return f.Users.PatchUser(f.Context(), ports.PatchUser{
				ID: u.ID, Within: t.home, IfMatch: v, Status: domain.Suspended, At: u.UpdatedAt, Idempotency: key,
			})
		},
	}
	n := 0
	for way, write := range writes {
		for _, user := range f.hidden(t) {
			for version := range domain.Version(3) {
				_, err := write(user, version, nil)
				f.absent(err)
				n++
				keyed := key()
				keyed.Key = fmt.Sprint(n)
				_, err = write(user, version, keyed)
				f.absent(err)
			}
		}
		for _, user := range []domain.User{t.outside, t.loose} {
			same(f, "the user who is not "+way, must[domain.User](f)(f.Users.UserByID(f.Context(), user.ID)), user)
		}
		before := must[domain.User](f)(f.Users.UserByID(f.Context(), t.both.ID))
		same(f, "the version of the member who is "+way, must[domain.User](f)(write(before, before.Version, nil)).Version, before.Version+1)
		_, err := write(before, before.Version, nil)
		f.refused(err, domain.Stale, domain.ReasonVersion, "")
	}
}

func boundChangesTogether(f *fixture) {
	t := f.tenants()
	homes := []domain.OrganizationID{t.home, t.abroad}
	users := []domain.User{t.inside, t.outside, t.both, t.loose}
	belongs := [][]bool{{true, false}, {false, true}, {true, true}, {false, false}}
	const each = 10
	counts := f.count(atOnce(each*len(homes)*len(users), func(i int) error {
		home, user := i%2, i/2%len(users)
		_, err := f.Users.PatchUser(f.Context(), ports.PatchUser{
			ID: users[user].ID, Within: homes[home], At: begin,
			DisplayName: must[domain.DisplayName](f)(domain.ParseDisplayName(fmt.Sprint("By ", home))),
		})
		if (err == nil) != belongs[user][home] {
			return fmt.Errorf("user %d in organization %d: %w", user, home, err)
		}
		return err
	}))
	if counts[""] != 4*each || counts[domain.ReasonUnknown] != 4*each {
		f.Errorf("outcomes by reason: %v", counts)
	}
	for i, want := range []domain.Version{1 + each, 1 + each, 1 + 2*each, 1} {
		same(f, fmt.Sprint("the version of user ", i), must[domain.User](f)(f.Users.UserByID(f.Context(), users[i].ID)).Version, want)
	}
}

func changesWithin(f *fixture) {
	t := f.tenants()
	read := func(in ports.ListChanges) ports.Changes {
		in.Within = t.home
		return must[ports.Changes](f)(f.Users.ListChanges(f.Context(), in))
	}
	want := map[domain.UserID]bool{t.inside.ID: true, t.both.ID: true, t.gone.ID: true}
	for round, limit := range []int{1, 10} {
		in, found := ports.ListChanges{Limit: f.size(limit)}, map[domain.UserID]bool{}
		for len(found) < len(want) {
			page := read(in)
			for _, change := range page.Items {
				if !want[change.User.ID] {
					f.Fatalf("%v is in the changes", change.User.Username)
				}
				found[change.User.ID] = true
			}
			in.After = &page.Next
		}
		f.replace(f.rename(t.outside, fmt.Sprint("elsewhere", round)))
		changed := f.replace(f.rename(t.both, fmt.Sprint("both", round)))
		var later []domain.User
		for len(later) == 0 {
			page := read(in)
			for _, change := range page.Items {
				later = append(later, change.User)
			}
			in.After = &page.Next
		}
		sameList(f, "later changes", later, []domain.User{changed})
		t.outside, t.both = must[domain.User](f)(f.Users.UserByID(f.Context(), t.outside.ID)), changed
	}
}
