package app_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

var bound = domain.Principal{Subject: "b", Scopes: []domain.Scope{domain.ScopeAdmin}, Within: org}

func TestABoundCallersFilterIsItsOrganization(t *testing.T) {
	var asked []ports.UserFilter
	store := &portsmock.UsersMock{
		ListUsersFunc: func(_ context.Context, in ports.ListUsers) (ports.Page[domain.User], error) {
			asked = append(asked, in.Filter)
			return ports.Page[domain.User]{}, errStore
		},
		CountUsersFunc: func(_ context.Context, in ports.CountUsers) (domain.Total, error) {
			asked = append(asked, in.Filter)
			return domain.Total{}, errStore
		},
	}
	users := app.NewUsers(store, clock(), ids())
	for _, organization := range []domain.OrganizationID{{}, org} {
		_, err := users.List(ctx, bound, ports.ListUsers{Filter: ports.UserFilter{Organization: organization}})
		passes(t, err)
		_, err = users.Count(ctx, bound, ports.CountUsers{Filter: ports.UserFilter{Organization: organization}})
		passes(t, err)
	}
	foreign := func(f ports.UserFilter) bool { return f != (ports.UserFilter{Organization: org}) }
	if len(asked) != 4 || slices.ContainsFunc(asked, foreign) {
		t.Errorf("the store was asked %+v", asked)
	}
	elsewhere := ports.UserFilter{Organization: domain.OrganizationID{9}}
	page, err1 := users.List(ctx, bound, ports.ListUsers{Filter: elsewhere})
	total, err2 := users.Count(ctx, bound, ports.CountUsers{Filter: elsewhere, How: domain.CountEstimate})
	err, none := errors.Join(err1, err2), domain.Total{Kind: domain.CountExact}
	if err != nil || len(page.Items) > 0 || total != none || len(asked) != 4 {
		t.Errorf("elsewhere: %+v, %+v, %v; the store was asked %d times", page, total, err, len(asked))
	}
}

func TestABoundCallersCorrectionsAreWordsOfTheFound(t *testing.T) {
	all := []string{"ada", "adam", "@example.com"}
	store := &portsmock.UsersMock{SearchUsersFunc: func(context.Context, ports.SearchUsers) (ports.FoundUsers, error) {
		found := ports.FoundUsers{Corrections: all}
		found.Items = []ports.FoundUser{{User: domain.NewUser(someone, ada, address, now)}}
		return found, nil
	}}
	users := app.NewUsers(store, clock(), ids())
	got, err := users.Search(ctx, bound, search)
	if err != nil || !slices.Equal(got.Corrections, []string{"ada", "@example.com"}) {
		t.Errorf("got %q, %v", got.Corrections, err)
	}
	if got, err = users.Search(ctx, reader, search); err != nil || !slices.Equal(got.Corrections, []string{"ada", "adam", "@example.com"}) {
		t.Errorf("a caller of all got %q, %v", got.Corrections, err)
	}
}

func TestABoundReplacementIsOfTheVersionThatThePolicySaw(t *testing.T) {
	version, renamed := domain.Version(1), false
	var wrote []domain.Version
	stored := func(context.Context, ports.Within[domain.UserID]) (domain.User, error) {
		user := domain.NewUser(someone, ada, address, now)
		if renamed {
			user.Username = domain.MustParse(domain.ParseUsername("grace"))
		}
		user.Version = version
		return user, nil
	}
	replace := func(_ context.Context, in ports.ReplaceUser) (domain.User, error) {
		if in.Within != org {
			t.Errorf("the store was told %v", in.Within)
		}
		wrote = append(wrote, in.IfMatch)
		version++ // somebody was faster
		renamed = len(wrote) == 3
		return domain.User{}, domain.Outdated("user", version, in.IfMatch)
	}
	users := app.NewUsers(&portsmock.UsersMock{UserByIDWithinFunc: stored, ReplaceUserFunc: replace}, clock(), ids())
	_, err := users.Replace(ctx, bound, app.ReplaceUser{ID: someone, Username: ada, Email: address})
	if !errors.Is(err, domain.Denied) || !slices.Equal(wrote, []domain.Version{1, 2, 3}) {
		t.Errorf("versions %d were written; got %v", wrote, err)
	}
	renamed = false
	for _, ifMatch := range []domain.Version{version - 1, version, version + 1} {
		_, err := users.Replace(ctx, bound, app.ReplaceUser{ID: someone, IfMatch: ifMatch, Username: ada, Email: address})
		if !errors.Is(err, domain.Stale) {
			t.Errorf("If-Match %d: %v", ifMatch, err)
		}
		version = 4
	}
}

func TestABoundCallersListIsItsOrganization(t *testing.T) {
	own := domain.NewOrganization(org, domain.MustParse(domain.ParseOrganizationName("Acme")), acme, free, now)
	organizations := app.NewOrganizations(&portsmock.OrganizationsMock{
		OrganizationByIDFunc: func(_ context.Context, id domain.OrganizationID) (domain.Organization, error) {
			if id != org {
				t.Errorf("the store was asked for %v", id)
			}
			return own, nil
		},
	}, clock(), ids())
	for _, sort := range []string{"name", "-name", "-created_at"} {
		order := domain.MustParse(domain.ParseOrganizationOrder(sort))
		before, at := order.Position(own), order.Position(own)
		before.ID = domain.OrganizationID{7}
		if !order.Ascending() {
			before.ID = domain.OrganizationID{9}
		}
		for want, after := range []*domain.OrganizationPosition{&at, &before} {
			page, err := organizations.List(ctx, bound, ports.ListOrganizations{Order: order, After: after})
			if err != nil || len(page.Items) != want || page.More {
				t.Errorf("by %s after %v: %+v, %v", sort, *after, page, err)
			}
		}
	}
}
