package porttest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func userPatches() []testCase {
	return []testCase{
		{"a patch changes the given field and leaves the others", patchesChangeOneField},
		{"a patch changes all at once", func(f *fixture) {
			user, full := f.user("ada"), f.full("ben")
			got := f.patch(ports.PatchUser{
				ID: user.ID, IfMatch: 1, Username: full.Username, Email: full.Email, ExternalID: full.ExternalID,
				DisplayName: full.DisplayName, Attributes: f.attributesPatch(full.Attributes.String()), Status: full.Status, At: full.UpdatedAt,
			})
			full.ID, full.CreatedAt, full.Version = user.ID, user.CreatedAt, 2
			f.sameUser("the result", got, full)
			f.stores(full)
		}},
		{"a patch of nothing is a write all the same", func(f *fixture) {
			want := must[domain.User](f)(f.create(f.full("ada")))
			_, want.UpdatedAt = f.next()
			want.Version = 2
			f.sameUser("the result", f.patch(ports.PatchUser{ID: want.ID, At: want.UpdatedAt}), want)
		}},
		{"a patch merges attributes as RFC 7396 says", attributesAreMerged},
		{"attributes of more than 16 KiB are refused, and so is their sum", attributesAreLimited},
		{"a patch of an unknown user is not found", func(f *fixture) {
			gone := f.user("gone")
			f.remove(gone.ID)
			for _, in := range []ports.PatchUser{{ID: nobody}, {ID: nobody, IfMatch: 1}, {ID: gone.ID}, {ID: gone.ID, IfMatch: 2}} {
				in.At, in.Attributes = gone.CreatedAt, f.attributesPatch(`{"a":1}`)
				_, err := f.Users.PatchUser(f.Context(), in)
				f.absent(err)
			}
		}},
		{"a patch of another version is stale and changes nothing", func(f *fixture) {
			user := f.user("ada")
			_, err := f.Users.PatchUser(f.Context(), ports.PatchUser{ID: user.ID, IfMatch: 2, Status: domain.Suspended, At: user.CreatedAt})
			f.refused(err, domain.Stale, domain.ReasonVersion, "")
			f.stores(user)
		}},
		{"a patch with a name in use is a conflict that names the field", func(f *fixture) {
			taken := must[domain.User](f)(f.create(f.full("ada")))
			ben := f.user("ben")
			for field, in := range map[string]ports.PatchUser{
				"username":    {Username: taken.Username},
				"email":       {Email: taken.Email},
				"external_id": {ExternalID: taken.ExternalID},
			} {
				in.ID, in.At = ben.ID, ben.CreatedAt
				_, err := f.Users.PatchUser(f.Context(), in)
				f.refused(err, domain.Conflict, domain.ReasonTaken, field)
			}
			f.stores(ben)
		}},
		{"50 patches at once, each of an attribute of its own, are all kept", patchesAtOnceAreKept},
		{"of 50 patches of one version at once, one succeeds", onePatchOfAVersionSucceeds},
	}
}

func onePatchOfAVersionSucceeds(f *fixture) {
	user := f.user("ada")
	in := ports.PatchUser{ID: user.ID, IfMatch: 1, Attributes: f.attributesPatch(`{"a":1}`), At: user.CreatedAt}
	counts := f.count(atOnce(50, func(int) error {
		_, err := f.Users.PatchUser(f.Context(), in)
		return err
	}))
	same(f, "successes", counts[""], 1)
	same(f, "stale", counts[domain.ReasonVersion], 49)
}

func (f *fixture) patch(in ports.PatchUser) domain.User {
	f.Helper()
	if in.At.IsZero() {
		_, in.At = f.next()
	}
	return must[domain.User](f)(f.Users.PatchUser(f.Context(), in))
}

func (f *fixture) attributesPatch(text string) *domain.AttributesPatch {
	f.Helper()
	return new(must[domain.AttributesPatch](f)(domain.ParseAttributesPatch([]byte(text))))
}

// stores fails the test unless the user is stored.
func (f *fixture) stores(want domain.User) {
	f.Helper()
	f.sameUser("the stored user", must[domain.User](f)(f.Users.UserByID(f.Context(), want.ID)), want)
}

// sameUser compares users whose attributes may be written differently.
func (f *fixture) sameUser(what string, got, want domain.User) {
	f.Helper()
	f.sameJSON("attributes of "+what, got.Attributes.String(), want.Attributes.String())
	got.Attributes, want.Attributes = domain.Attributes{}, domain.Attributes{}
	same(f, what, got, want)
}

func (f *fixture) sameJSON(what, got, want string) {
	f.Helper()
	var g, w any
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		f.Errorf("%s: %v", what, err)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil || !reflect.DeepEqual(g, w) {
		f.Errorf("%s: got %s, want %s (%v)", what, got, want, err)
	}
}

func patchesChangeOneField(f *fixture) {
	other := f.full("other")
	for name, c := range map[string]struct {
		in     ports.PatchUser
		change func(*domain.User)
	}{
		"username":       {ports.PatchUser{Username: other.Username}, func(u *domain.User) { u.Username = other.Username }},
		"email":          {ports.PatchUser{Email: other.Email}, func(u *domain.User) { u.Email = other.Email }},
		"display_name":   {ports.PatchUser{DisplayName: other.DisplayName}, func(u *domain.User) { u.DisplayName = other.DisplayName }},
		"external_id":    {ports.PatchUser{ExternalID: other.ExternalID}, func(u *domain.User) { u.ExternalID = other.ExternalID }},
		"no external_id": {ports.PatchUser{NoExternalID: true}, func(u *domain.User) { u.ExternalID = domain.ExternalID{} }},
		"status":         {ports.PatchUser{Status: domain.Active}, func(u *domain.User) { u.Status = domain.Active }},
		"no attributes":  {ports.PatchUser{NoAttributes: true}, func(u *domain.User) { u.Attributes = domain.Attributes{} }},
		"other attributes": {ports.PatchUser{NoAttributes: true, Attributes: f.attributesPatch(`{"a":1}`)}, func(u *domain.User) {
			u.Attributes = must[domain.Attributes](f)(domain.ParseAttributes([]byte(`{"a":1}`)))
		}},
	} {
		want := must[domain.User](f)(f.create(f.full(strings.ReplaceAll(name, " ", "."))))
		c.in.ID = want.ID
		_, c.in.At = f.next()
		c.change(&want)
		want.UpdatedAt, want.Version = c.in.At, 2
		f.sameUser("the result of a patch of "+name, f.patch(c.in), want)
		f.sameUser("the stored user after a patch of "+name, must[domain.User](f)(f.Users.UserByID(f.Context(), want.ID)), want)
		if err := f.Users.DeleteUser(f.Context(), ports.DeleteUser{ID: want.ID, At: c.in.At}); err != nil {
			f.Fatal(err)
		}
	}
}

func attributesAreMerged(f *fixture) {
	user := f.user("ada")
	for _, step := range []struct{ patch, want string }{
		{`{"a":{"b":1,"c":[1,{"d":null}]},"e":12345678901234567890}`, `{"a":{"b":1,"c":[1,{"d":null}]},"e":12345678901234567890}`},
		{`{"a":{"b":null,"x":{"y":null,"z":true}}}`, `{"a":{"c":[1,{"d":null}],"x":{"z":true}},"e":12345678901234567890}`},
		{`{"a":{"c":{"new":1}},"none":null}`, `{"a":{"c":{"new":1},"x":{"z":true}},"e":12345678901234567890}`},
		{`{"a":["list"],"e":"<&>\u2028"}`, `{"a":["list"],"e":"<&>\u2028"}`},
		{`{}`, `{"a":["list"],"e":"<&>\u2028"}`},
		{`{"a":null,"e":null}`, `{}`},
	} {
		got := f.patch(ports.PatchUser{ID: user.ID, Attributes: f.attributesPatch(step.patch)})
		f.sameJSON("after "+step.patch, got.Attributes.String(), step.want)
		f.sameUser("the stored value", must[domain.User](f)(f.Users.UserByID(f.Context(), user.ID)), got)
	}
}

func attributesAreLimited(f *fixture) {
	user := f.user("ada")
	large := func(name string, size int) *domain.AttributesPatch {
		return f.attributesPatch(fmt.Sprintf(`{"%s":"%s"}`, name, strings.Repeat("x", size)))
	}
	user = f.patch(ports.PatchUser{ID: user.ID, Attributes: large("a", 9000)})
	for name, key := range map[string]*ports.Idempotency{"without a key": nil, "under a key": key()} {
		_, err := f.Users.PatchUser(f.Context(), ports.PatchUser{ID: user.ID, Attributes: large("b", 9000), At: user.CreatedAt, Idempotency: key})
		if err == nil {
			f.Fatalf("%s, attributes of 18 kB were accepted", name)
		}
		f.refused(err, domain.Invalid, domain.ReasonRange, "attributes")
		f.stores(user)
	}
	f.patch(ports.PatchUser{ID: user.ID, Attributes: large("a", 16<<10-len(`{"a":""}`))})
	f.patch(ports.PatchUser{ID: user.ID, NoAttributes: true, Attributes: large("b", 16<<10-len(`{"b":""}`))})
}

func patchesAtOnceAreKept(f *fixture) {
	user := f.user("ada")
	patches := make([]*domain.AttributesPatch, 50)
	want := map[string]int{}
	for i := range patches {
		want[fmt.Sprintf("a%d", i)] = i
		patches[i] = f.attributesPatch(fmt.Sprintf(`{"a%d":%d}`, i, i))
	}
	same(f, "successes", f.count(atOnce(len(patches), func(i int) error {
		_, err := f.Users.PatchUser(f.Context(), ports.PatchUser{ID: user.ID, Attributes: patches[i], At: user.CreatedAt})
		return err
	}))[""], len(patches))
	got, err := f.Users.UserByID(f.Context(), user.ID)
	got = must[domain.User](f)(got, err)
	text, err := json.Marshal(want)
	f.sameJSON("the attributes", got.Attributes.String(), string(must[[]byte](f)(text, err)))
	same(f, "the version", got.Version, 51)
}
