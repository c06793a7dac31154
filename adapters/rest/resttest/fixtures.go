package resttest

import (
	"context"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

// adas is a store in which every user is Ada.
func adas() *portsmock.UsersMock {
	return &portsmock.UsersMock{
		UserByIDFunc:         func(context.Context, domain.UserID) (domain.User, error) { return ada(), nil },
		AnyUserByIDFunc:      func(context.Context, domain.UserID) (domain.User, error) { return deletedAda(), nil },
		UserByUsernameFunc:   func(context.Context, domain.Username) (domain.User, error) { return ada(), nil },
		UserByEmailFunc:      func(context.Context, domain.Email) (domain.User, error) { return ada(), nil },
		UserByExternalIDFunc: func(context.Context, domain.ExternalID) (domain.User, error) { return ada(), nil },
		UsersByIDFunc:        func(context.Context, []domain.UserID) ([]domain.User, error) { return []domain.User{ada()}, nil },
		ListUsersFunc: func(context.Context, ports.ListUsers) (ports.Page[domain.User], error) {
			return ports.Page[domain.User]{Items: []domain.User{ada(), ada()}}, nil
		},
		CountUsersFunc: func(context.Context, ports.CountUsers) (domain.Total, error) {
			return domain.Total{N: 1815, Kind: domain.CountExact}, nil
		},
		ListChangesFunc: func(context.Context, ports.ListChanges) (ports.Changes, error) {
			return ports.Changes{}, nil
		},
		SearchUsersFunc: func(context.Context, ports.SearchUsers) (ports.FoundUsers, error) {
			return found(ada()), nil
		},
		CreateUserFunc:  func(_ context.Context, in ports.CreateUser) (domain.User, error) { return in.User, nil },
		ReplaceUserFunc: func(context.Context, ports.ReplaceUser) (domain.User, error) { return ada(), nil },
		PatchUserFunc:   func(context.Context, ports.PatchUser) (domain.User, error) { return ada(), nil },
		DeleteUserFunc:  func(context.Context, ports.DeleteUser) error { return nil },
		RestoreUserFunc: func(context.Context, ports.RestoreUser) (domain.User, error) { return ada(), nil },
		EraseUserFunc:   func(context.Context, ports.EraseUser) error { return nil },
	}
}

// found are users whom a search found by all words.
func found(users ...domain.User) ports.FoundUsers {
	var f ports.FoundUsers
	for _, each := range users {
		f.Items = append(f.Items, ports.FoundUser{User: each, Match: domain.MatchWords})
	}
	return f
}

// adasMemberships is a store in which every user belongs to Analytical Engines.
func adasMemberships() *portsmock.MembershipsMock {
	return &portsmock.MembershipsMock{
		OrganizationsOfFunc: func(context.Context, ports.ListAffiliations) (ports.Page[domain.Affiliation], error) {
			return ports.Page[domain.Affiliation]{Items: []domain.Affiliation{{
				Organization: engines(), Role: domain.Owner, JoinedAt: instant("2026-01-01T00:00:01Z"),
			}}}, nil
		},
	}
}

func ada() domain.User {
	return domain.User{
		ID: must(domain.ParseID[domain.User]("id", adaID)), ExternalID: must(domain.ParseExternalID("hr-1815")),
		Username: must(domain.ParseUsername("ada")), Email: must(domain.ParseEmail("ada@example.com")),
		DisplayName: must(domain.ParseDisplayName("Zoë \"李小龍\" <&>")), Attributes: must(domain.ParseAttributes([]byte(`{"team":"search"}`))),
		Status: domain.Active, CreatedAt: instant("2026-01-01T00:00:01Z"), UpdatedAt: instant("2026-01-02T10:20:30.1234Z"), Version: 2,
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
		ID: must(domain.ParseID[domain.Organization]("id", orgID)), Name: must(domain.ParseOrganizationName("Analytical Engines")),
		Slug: must(domain.ParseSlug("engines")), Plan: must(domain.ParsePlanCode("team")), CreatedAt: instant("2026-01-01T00:00:01Z"), Version: 1,
	}
}

func report() []domain.Engagement {
	one := domain.Engagement{
		Organization: must(domain.ParseID[domain.Organization]("id", orgID)), Name: must(domain.ParseOrganizationName("O'Neil & Co")),
		Plan: must(domain.ParsePlanCode("team")), Members: 12, Activity: domain.Activity{ActiveMembers: 7, Events: 341}, LastActivity: instant("2026-01-31T23:59:59.5Z"),
	}
	idle := one
	idle.ActiveMembers, idle.Events, idle.LastActivity = 0, 0, time.Time{}
	return []domain.Engagement{one, idle}
}

// failAll makes every call of the store fail.
func (w *world) failAll(err error) {
	user := func() (domain.User, error) { return domain.User{}, err }
	w.users.UserByIDFunc = func(context.Context, domain.UserID) (domain.User, error) { return user() }
	w.users.AnyUserByIDFunc = w.users.UserByIDFunc
	w.users.UserByUsernameFunc = func(context.Context, domain.Username) (domain.User, error) { return user() }
	w.users.UserByEmailFunc = func(context.Context, domain.Email) (domain.User, error) { return user() }
	w.users.UserByExternalIDFunc = func(context.Context, domain.ExternalID) (domain.User, error) { return user() }
	w.users.UsersByIDFunc = func(context.Context, []domain.UserID) ([]domain.User, error) { return nil, err }
	w.users.ListUsersFunc = func(context.Context, ports.ListUsers) (ports.Page[domain.User], error) {
		return ports.Page[domain.User]{}, err
	}
	w.users.ListChangesFunc = func(context.Context, ports.ListChanges) (ports.Changes, error) {
		return ports.Changes{}, err
	}
	w.users.SearchUsersFunc = func(context.Context, ports.SearchUsers) (ports.FoundUsers, error) { return ports.FoundUsers{}, err }
	w.users.CreateUserFunc = func(context.Context, ports.CreateUser) (domain.User, error) { return user() }
	w.users.ReplaceUserFunc = func(context.Context, ports.ReplaceUser) (domain.User, error) { return user() }
	w.users.PatchUserFunc = func(context.Context, ports.PatchUser) (domain.User, error) { return user() }
	w.users.RestoreUserFunc = func(context.Context, ports.RestoreUser) (domain.User, error) { return user() }
	w.users.DeleteUserFunc = func(context.Context, ports.DeleteUser) error { return err }
	w.users.EraseUserFunc = func(context.Context, ports.EraseUser) error { return err }
	w.memberships.OrganizationsOfFunc = func(context.Context, ports.ListAffiliations) (ports.Page[domain.Affiliation], error) {
		return ports.Page[domain.Affiliation]{}, err
	}
	w.events.ReportEngagementFunc = func(context.Context, ports.ReportEngagement) (ports.Page[domain.Engagement], error) {
		return ports.Page[domain.Engagement]{}, err
	}
	w.failStock(err)
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
		{"GET", adaOrganizations, ""},
		{"POST", "/users/search", `{"term":"ada"}`},
		{"GET", "/reports/engagement?" + window, ""},
	}, stockRequests()...)
}
