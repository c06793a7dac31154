package rest

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func drawnID(t *rapid.T, name string) [16]byte {
	return [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, name))
}

func drawnOrganization(t *rapid.T) domain.Organization {
	return domain.Organization{
		ID:        drawnID(t, "id"),
		Name:      drawn(t, "name", `[^\p{Cc}]{0,50}[\pL"\\<>&]`, domain.ParseOrganizationName),
		Slug:      drawn(t, "slug", `[a-z0-9][a-z0-9-]{0,62}`, domain.ParseSlug),
		Plan:      drawn(t, "plan", `[a-z0-9][a-z0-9_-]{0,31}`, domain.ParsePlanCode),
		CreatedAt: drawnTime(t, "created"),
		Version:   domain.Version(rapid.Int64Min(1).Draw(t, "version")),
	}
}

func drawnRole(t *rapid.T) domain.Role {
	return rapid.SampledFrom([]domain.Role{domain.Owner, domain.Admin, domain.Member}).Draw(t, "role")
}

func sameOrganization(got *Organization, want *domain.Organization) bool {
	return got.ID == want.ID.String() && got.Name == want.Name.String() && got.Slug == want.Slug.String() && got.Plan == want.Plan.String() &&
		got.CreatedAt.Equal(want.CreatedAt) && got.Version == int64(want.Version)
}

func TestOrganizationsFollowTheContract(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		organization := drawnOrganization(t)
		text := appendOrganization(nil, &organization)
		if got := strictly[Organization](t, text); !sameOrganization(&got, &organization) {
			t.Fatalf("%+v became %s", organization, text)
		}
	})
}

func TestMembershipsFollowTheContract(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		membership := domain.Membership{
			Organization: drawnID(t, "organization"), User: drawnID(t, "user"), Role: drawnRole(t),
			JoinedAt: drawnTime(t, "joined"),
		}
		text := appendMembership(nil, &membership)
		got := strictly[Membership](t, text)
		if got.OrganizationID != membership.Organization.String() || got.UserID != membership.User.String() ||
			string(got.Role) != string(membership.Role) || !got.JoinedAt.Equal(membership.JoinedAt) {
			t.Fatalf("%+v became %s", membership, text)
		}
	})
}

func TestPlansFollowTheContract(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := domain.Plan{
			Code: drawn(t, "code", `[a-z0-9][a-z0-9_-]{0,31}`, domain.ParsePlanCode),
			Name: drawn(t, "name", `[^\p{Cc}]{0,50}[\pL"\\<>&]`, domain.ParsePlanName),
		}
		if rapid.Bool().Draw(t, "is limited") {
			plan.Seats, _ = domain.ParseSeats(rapid.Int64Range(1, 1_000_000).Draw(t, "seats"))
		}
		text := appendPlan(nil, &plan)
		got := strictly[Plan](t, text)
		most, limited := plan.Seats.Limit()
		if got.Code != plan.Code.String() || got.Name != plan.Name.String() ||
			(got.Seats != nil) != limited || limited && *got.Seats != int(most) {
			t.Fatalf("%+v became %s", plan, text)
		}
	})
}

func TestOutcomesFollowTheContract(t *testing.T) {
	all := []ports.Outcome{ports.Accepted, ports.Duplicate, ports.UnknownOrganization, ports.UnknownUser}
	rapid.Check(t, func(t *rapid.T) {
		outcomes := rapid.SliceOfN(rapid.SampledFrom(all), 0, 20).Draw(t, "outcomes")
		text := appendEventsAdded(nil, outcomes)
		got := strictly[EventsAdded](t, text)
		at := 0
		for i, outcome := range outcomes {
			want := RejectedEvent{Index: i, Field: RejectedEventFieldOrganizationID, Detail: "names no organization"}
			switch outcome {
			case ports.Accepted:
				got.Accepted--
				continue
			case ports.Duplicate:
				got.Duplicates--
				continue
			case ports.UnknownOrganization:
			case ports.UnknownUser:
				want.Field, want.Detail = RejectedEventFieldUserID, "names no user"
			}
			if at >= len(got.Rejected) || got.Rejected[at] != want {
				t.Fatalf("event %d is not told of as it should be: %s", i, text)
			}
			at++
		}
		if got.Accepted != 0 || got.Duplicates != 0 || len(got.Rejected) != at || got.Rejected == nil {
			t.Fatalf("%v became %s", outcomes, text)
		}
	})
}
