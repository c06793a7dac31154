package app_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

func ExampleUsers_Create() {
	store := &portsmock.UsersMock{CreateUserFunc: func(_ context.Context, in ports.CreateUser) (domain.User, error) { return in.User, nil }}
	clock := &portsmock.ClockMock{NowFunc: func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }}
	ids := &portsmock.IDsMock{NewIDFunc: func() [16]byte { return [16]byte{15: 1} }}
	users := app.NewUsers(store, clock, ids)

	caller := domain.Principal{Subject: "hr", Scopes: []domain.Scope{domain.ScopeWrite}}
	user, err := users.Create(context.Background(), caller, app.CreateUser{
		Username: domain.MustParse(domain.ParseUsername("ada")),
		Email:    domain.MustParse(domain.ParseEmail("ada@example.com")),
	})
	fmt.Println(user.ID, user.Username, user.DisplayName, err)
	// Output: 00000000-0000-0000-0000-000000000001 ada ada <nil>
}

func ExampleUsers_Replace() {
	store := &portsmock.UsersMock{ReplaceUserFunc: func(_ context.Context, in ports.ReplaceUser) (domain.User, error) {
		return domain.User{}, &domain.Error{
			Kind: domain.Stale, Reason: domain.ReasonVersion,
			Detail: fmt.Sprintf("is at version 4, not %d", in.IfMatch), Fix: "read it again and repeat the change",
		}
	}}
	users := app.NewUsers(store, clock(), ids())

	_, err := users.Replace(context.Background(), domain.LocalAdministrator(), app.ReplaceUser{ID: domain.UserID{1}, IfMatch: 3})
	fmt.Println(errors.Is(err, domain.Stale), err)
	// Output: true is at version 4, not 3; read it again and repeat the change
}

func ExampleMemberships_Add() {
	store := &portsmock.MembershipsMock{AddMemberFunc: func(_ context.Context, m domain.Membership) (domain.Membership, error) {
		return m, nil
	}}
	memberships := app.NewMemberships(store, clock())

	acme := domain.OrganizationID{1}
	caller := domain.Principal{Subject: "grace", Roles: map[domain.OrganizationID]domain.Role{acme: domain.Admin}}
	member, err := memberships.Add(context.Background(), caller, acme, domain.UserID{2}, domain.Member)
	fmt.Println(member.Role, err)
	_, err = memberships.Add(context.Background(), caller, acme, domain.UserID{2}, domain.Owner)
	fmt.Println(err)
	// Output:
	// member <nil>
	// needs the role owner in the organization; ask an administrator for it
}

func ExampleActivity_ReportEngagement() {
	store := &portsmock.EventsMock{ReportEngagementFunc: func(context.Context, ports.ReportEngagement) (ports.Page[domain.Engagement], error) {
		acme := domain.Engagement{
			Name: domain.MustParse(domain.ParseOrganizationName("Acme")), Members: 12,
			Activity: domain.Activity{ActiveMembers: 7, Events: 340},
		}
		return ports.Page[domain.Engagement]{Items: []domain.Engagement{acme}}, nil
	}}
	activity := app.NewActivity(store, clock(), ids())

	january := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	window := domain.MustParse(domain.ParseWindow(january, january.AddDate(0, 1, 0)))
	page, err := activity.ReportEngagement(context.Background(), domain.LocalAdministrator(),
		ports.ReportEngagement{Window: window, Limit: domain.DefaultReportSize})
	for _, line := range page.Items {
		fmt.Printf("%s: %d events by %d of %d members\n", line.Name, line.Events, line.ActiveMembers, line.Members)
	}
	fmt.Println(err)
	// Output:
	// Acme: 340 events by 7 of 12 members
	// <nil>
}
