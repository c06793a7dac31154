package app_test

import (
	"context"
	"testing"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/portsmock"
)

var replaceAcme = app.ReplaceOrganization{
	ID: org, IfMatch: 2, Name: domain.MustParse(domain.ParseOrganizationName("Acme")), Slug: acme, Plan: free, Idempotency: &key,
}

func organizationUses(o *app.Organizations) (reads, writes map[string]func(domain.Principal) error) {
	reads = map[string]func(domain.Principal) error{
		"get":     func(c domain.Principal) error { _, err := o.Get(ctx, c, org); return err },
		"by slug": func(c domain.Principal) error { _, err := o.GetBySlug(ctx, c, acme); return err },
		"list": func(c domain.Principal) error {
			_, err := o.List(ctx, c, ports.ListOrganizations{Limit: domain.DefaultListSize})
			return err
		},
		"count": func(c domain.Principal) error { _, err := o.Count(ctx, c, free, domain.CountExact); return err },
	}
	writes = map[string]func(domain.Principal) error{
		"create": func(c domain.Principal) error {
			_, err := o.Create(ctx, c, app.CreateOrganization{Slug: acme, Owner: someone})
			return err
		},
		"replace": func(c domain.Principal) error {
			_, err := o.Replace(ctx, c, replaceAcme)
			return err
		},
		"delete":  func(c domain.Principal) error { _, err := o.Delete(ctx, c, org, 2); return err },
		"erasure": func(c domain.Principal) error { _, err := o.Erasure(ctx, c, org); return err },
	}
	return reads, writes
}

func TestOrganizationsAreReadByReadersAndWrittenByAdministrators(t *testing.T) {
	reads, writes := organizationUses(app.NewOrganizations(&portsmock.OrganizationsMock{}, clock(), ids()))
	for name, use := range reads {
		t.Run(name, func(t *testing.T) { refuses(t, use, writer) })
	}
	for name, use := range writes {
		t.Run(name, func(t *testing.T) { refuses(t, use, reader, writer) })
	}
}

func TestTheOrganizationStoreIsAskedAndItsErrorPassedOn(t *testing.T) {
	store := &portsmock.OrganizationsMock{
		OrganizationByIDFunc: func(context.Context, domain.OrganizationID) (domain.Organization, error) {
			return domain.Organization{}, errStore
		},
		OrganizationBySlugFunc: func(context.Context, domain.Slug) (domain.Organization, error) {
			return domain.Organization{}, errStore
		},
		ListOrganizationsFunc: func(context.Context, ports.ListOrganizations) (ports.Page[domain.Organization], error) {
			return ports.Page[domain.Organization]{}, errStore
		},
		CountOrganizationsFunc: func(_ context.Context, plan domain.PlanCode, how domain.Counting) (domain.Total, error) {
			if plan != free || how != domain.CountExact {
				t.Errorf("the store was asked to count %v %v", plan, how)
			}
			return domain.Total{}, errStore
		},
		CreateOrganizationFunc: func(_ context.Context, in ports.CreateOrganization) (domain.Organization, error) {
			if in.Owner != someone || in.Organization.ID != newID || in.Organization.CreatedAt != instant || in.Organization.Version != 1 {
				t.Errorf("the store was given %+v", in)
			}
			return in.Organization, errStore
		},
		ReplaceOrganizationFunc: func(_ context.Context, got ports.ReplaceOrganization) (domain.Organization, error) {
			carries(t, replaceAcme, got)
			return domain.Organization{}, errStore
		},
		DeleteOrganizationFunc: func(_ context.Context, id domain.OrganizationID, v domain.Version) (ports.Erasure, error) {
			if id != org || v != 2 {
				t.Errorf("the store was told to delete %v at %d", id, v)
			}
			return ports.Erasure{}, errStore
		},
		OrganizationErasureFunc: func(_ context.Context, id domain.OrganizationID) (ports.Erasure, error) {
			if id != org {
				t.Errorf("the store was asked for the erasure of %v", id)
			}
			return ports.Erasure{}, errStore
		},
	}
	reads, writes := organizationUses(app.NewOrganizations(store, clock(), ids()))
	for _, use := range reads {
		passes(t, use(reader))
	}
	for _, use := range writes {
		passes(t, use(admin))
	}
}
