package resttest

import (
	"context"

	"github.com/roster-directory/roster/domain"
)

const (
	// orgPath is that of Analytical Engines, memberPath that of Ada in it.
	orgPath     = "/organizations/" + orgID
	membersPath = orgPath + "/members"
	memberPath  = membersPath + "/" + adaID

	enginesJSON = `{"id":"` + orgID + `","name":"Analytical Engines","slug":"engines","plan":"team",` +
		`"created_at":"2026-01-01T00:00:01Z","version":1}`
	membershipJSON = `{"organization_id":"` + orgID + `","user_id":"` + adaID + `","role":"owner","joined_at":"2026-01-01T00:00:01Z"}`
	teamJSON       = `{"code":"team","name":"Team","seats":25}`
	freeJSON       = `{"code":"free","name":"Free","seats":null}`

	replacement = `{"name":"Engines","slug":"engines-2","plan":"free"}`
	foundation  = `{"name":"Engines","slug":"engines-2","plan":"free","owner":"` + adaID + `"}`
	login       = `{"organization_id":"` + orgID + `","user_id":"` + adaID + `","kind":"login","occurred_at":"2025-12-31T23:00:00+01:00"}`
	logins      = `{"events":[` + login + `]}`
)

func team() domain.Plan {
	return domain.Plan{
		Code: domain.MustParse(domain.ParsePlanCode("team")), Name: domain.MustParse(domain.ParsePlanName("Team")),
		Seats: domain.MustParse(domain.ParseSeats(25)),
	}
}

func free() domain.Plan {
	return domain.Plan{Code: domain.MustParse(domain.ParsePlanCode("free")), Name: domain.MustParse(domain.ParsePlanName("Free"))}
}

// ownership is Ada's part in Analytical Engines.
func ownership() domain.Membership {
	return domain.Membership{Organization: engines().ID, User: ada().ID, Role: domain.Owner, JoinedAt: instant("2026-01-01T00:00:01Z")}
}

// stockRequests is one request of each operation that stock answers.
func stockRequests() []struct{ method, target, body string } {
	return []struct{ method, target, body string }{
		{"GET", "/organizations", ""},
		{"GET", "/organizations?slug=engines", ""},
		{"POST", "/organizations", foundation},
		{"GET", orgPath, ""},
		{"PUT", orgPath, replacement},
		{"PATCH", orgPath, "{}"},
		{"DELETE", orgPath, ""},
		{"GET", orgPath + "/erasure", ""},
		{"GET", membersPath, ""},
		{"GET", memberPath, ""},
		{"PUT", memberPath, `{"role":"admin"}`},
		{"DELETE", memberPath, ""},
		{"GET", "/plans", ""},
		{"GET", "/plans/team", ""},
		{"PUT", "/plans/team", `{"name":"Team"}`},
		{"DELETE", "/plans/team", ""},
		{"POST", "/events", logins},
	}
}

// memberOf gives Ada a role in every organization.
func (w *world) memberOf(role domain.Role) {
	w.memberships.MembershipOfFunc = func(context.Context, domain.OrganizationID, domain.UserID) (domain.Membership, error) {
		membership := ownership()
		membership.Role = role
		return membership, nil
	}
}
