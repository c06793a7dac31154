package resttest

import (
	"slices"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// found is a page of users that have all words.
func found(users ...domain.User) ports.FoundUsers {
	var f ports.FoundUsers
	for _, each := range users {
		f.Items = append(f.Items, ports.FoundUser{User: each, Match: domain.MatchWords})
	}
	return f
}

func ada() domain.User {
	return domain.User{
		ID: domain.MustParse(domain.ParseID[domain.User]("id", adaID)), ExternalID: domain.MustParse(domain.ParseExternalID("hr-1815")),
		Username: domain.MustParse(domain.ParseUsername("ada")), Email: domain.MustParse(domain.ParseEmail("ada@example.com")),
		DisplayName: domain.MustParse(domain.ParseDisplayName("Zoë \"李小龍\" <&>")),
		Attributes:  domain.MustParse(domain.ParseAttributes([]byte(`{"team":"search"}`))),
		Status:      domain.Active, CreatedAt: instant("2026-01-01T00:00:01Z"), UpdatedAt: instant("2026-01-02T10:20:30.1234Z"), Version: 2,
	}
}

// deletedAda is Ada after she was deleted.
func deletedAda() domain.User {
	user := ada()
	user.DeletedAt, user.Version = instant("2026-01-03T00:00:00Z"), 3
	return user
}

func engines() domain.Organization {
	return domain.Organization{
		ID:   domain.MustParse(domain.ParseID[domain.Organization]("id", orgID)),
		Name: domain.MustParse(domain.ParseOrganizationName("Analytical Engines")),
		Slug: domain.MustParse(domain.ParseSlug("engines")), Plan: domain.MustParse(domain.ParsePlanCode("team")),
		CreatedAt: instant("2026-01-01T00:00:01Z"), Version: 1,
	}
}

func report() []domain.Engagement {
	one := domain.Engagement{
		Organization: domain.MustParse(domain.ParseID[domain.Organization]("id", orgID)),
		Name:         domain.MustParse(domain.ParseOrganizationName("O'Neil & Co")),
		Plan:         domain.MustParse(domain.ParsePlanCode("team")), Members: 12, Activity: domain.Activity{ActiveMembers: 7, Events: 341},
		LastActivity: instant("2026-01-31T23:59:59.5Z"),
	}
	idle := one
	idle.ActiveMembers, idle.Events, idle.LastActivity = 0, 0, time.Time{}
	return []domain.Engagement{one, idle}
}

// everyRequest is one request of each operation that needs a store and a right.
func everyRequest() []struct{ method, target, body string } {
	return append([]struct{ method, target, body string }{
		{"GET", "/users", ""},
		{"GET", "/users?username=ada", ""},
		{"GET", "/users?email=ada@example.com", ""},
		{"GET", "/users?external_id=hr-1815", ""},
		{"GET", "/users?changed_since=2026-01-01T00:00:00Z", ""},
		{"POST", "/users", bob},
		{"POST", "/users/lookup", `{"ids":["` + adaID + `"]}`},
		{"GET", adaPath, ""},
		{"GET", adaPath + "?deleted=include", ""},
		{"PUT", adaPath, bob},
		{"PATCH", adaPath, "{}"},
		{"DELETE", adaPath, ""},
		{"POST", adaPath + "/restore", ""},
		{"POST", adaPath + "/erase", ""},
		{"GET", adaPath + "/erasure", ""},
		{"GET", adaPath + "/hold", ""},
		{"PUT", adaPath + "/hold", ""},
		{"DELETE", adaPath + "/hold", ""},
		{"GET", adaPath + "/export", ""},
		{"GET", adaOrganizations, ""},
		{"POST", "/users/search", `{"term":"ada"}`},
		{"GET", "/reports/engagement?" + window, ""},
	}, slices.Concat(stockRequests(), keyRequests())...)
}
