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
		one := domain.Affiliation{
			Organization: domain.Organization{
				ID:        domain.OrganizationID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id")),
				Name:      drawn(t, "name", `[^\p{Cc}]{0,50}[\pL"\\]`, domain.ParseOrganizationName),
				Slug:      drawn(t, "slug", `[a-z0-9][a-z0-9-]{0,62}`, domain.ParseSlug),
				Plan:      drawn(t, "plan", `[a-z0-9][a-z0-9_-]{0,31}`, domain.ParsePlanCode),
				CreatedAt: drawnTime(t, "created"), Version: domain.Version(rapid.Int64Min(1).Draw(t, "version")),
			},
			Role: rapid.SampledFrom([]domain.Role{domain.Owner, domain.Admin, domain.Member}).Draw(t, "role"), JoinedAt: drawnTime(t, "joined"),
		}
		got, want := strictly[Affiliation](t, appendAffiliation(nil, &one)), one.Organization
		if string(got.Role) != string(one.Role) || !got.JoinedAt.Equal(one.JoinedAt) || got.Organization.ID != want.ID.String() ||
			got.Organization.Name != want.Name.String() || got.Organization.Slug != want.Slug.String() ||
			got.Organization.Plan != want.Plan.String() ||
			!got.Organization.CreatedAt.Equal(want.CreatedAt) || got.Organization.Version != int64(want.Version) {
			t.Fatalf("%+v became %+v", one, got)
		}
	})
}
