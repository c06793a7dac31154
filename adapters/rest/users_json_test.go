package rest

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/roster-directory/roster/domain"
)

// fieldsOf decodes an object into its fields.
func fieldsOf(t *rapid.T, text []byte) map[string]json.RawMessage {
	t.Helper()
	var found map[string]json.RawMessage
	if err := json.Unmarshal(text, &found); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return found
}

func TestFieldsAreThoseOfTheWholeUser(t *testing.T) {
	names := contract(t).Components.Schemas["UserField"].Value.Enum
	rapid.Check(t, func(t *rapid.T) {
		user := drawnUser(t)
		if rapid.Bool().Draw(t, "is deleted") {
			user.DeletedAt = drawnTime(t, "deleted")
		}
		fields := fieldSet(rapid.Uint32Range(1, 1<<len(names)-1).Draw(t, "fields"))
		whole, some := fieldsOf(t, appendUser(nil, &user, allFields)), appendUser(nil, &user, fields)
		strictly[UserView](t, some)
		got := fieldsOf(t, some)
		for i, name := range names {
			want, there := whole[name.(string)]
			shown, is := got[name.(string)]
			if is != (there && fields&(1<<i) != 0) || is && !slices.Equal(shown, want) {
				t.Fatalf("the fields %b of %+v are %s", fields, user, some)
			}
		}
	})
}

func TestADeletedUserIsATombstoneInAListOfChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		user := drawnUser(t)
		if got, want := string(appendChange(nil, &user, allFields)), string(appendUser(nil, &user, allFields)); got != want {
			t.Fatalf("a user is %s, want %s", got, want)
		}
		user.DeletedAt = drawnTime(t, "deleted")
		fields := fieldSet(rapid.Uint32Range(0, 1<<11-1).Draw(t, "fields"))
		for name := range fieldsOf(t, appendChange(nil, &user, fields.orAll())) {
			if !slices.Contains([]string{"id", "updated_at", "deleted_at", "version"}, name) {
				t.Fatalf("%s of a deleted user is shown", name)
			}
		}
	})
}

func TestAffiliationsFollowTheContract(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := domain.Affiliation{Organization: drawnOrganization(t), Role: drawnRole(t), JoinedAt: drawnTime(t, "joined")}
		got := strictly[Affiliation](t, appendAffiliation(nil, &one))
		if string(got.Role) != string(one.Role) || !got.JoinedAt.Equal(one.JoinedAt) || !sameOrganization(&got.Organization, &one.Organization) {
			t.Fatalf("%+v became %+v", one, got)
		}
	})
}
