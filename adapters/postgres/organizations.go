package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Organizations implements ports.Organizations.
type Organizations struct{ d *Database }

var _ ports.Organizations = (*Organizations)(nil)

// NewOrganizations returns the organizations kept in d.
func NewOrganizations(d *Database) *Organizations { return &Organizations{d} }

// OrganizationByID implements ports.OrganizationReader.
func (s *Organizations) OrganizationByID(ctx context.Context, id domain.OrganizationID) (domain.Organization, error) {
	return one(ctx, s.d, organizationByID, byID{id}, organizationRow.organization, "organization", id)
}

// OrganizationBySlug implements ports.OrganizationReader.
func (s *Organizations) OrganizationBySlug(ctx context.Context, slug domain.Slug) (domain.Organization, error) {
	return one(ctx, s.d, organizationBySlug, byKey{slug.String()}, organizationRow.organization, "organization", slug)
}

// CreateOrganization implements ports.OrganizationWriter.
func (s *Organizations) CreateOrganization(ctx context.Context, in ports.CreateOrganization) (domain.Organization, error) {
	o := in.Organization
	row, err := once(ctx, s.d, in.Idempotency, func(db sqlcheck.DB) (organizationRow, error) {
		return organizationInsert.One(ctx, db, insertOrganization{
			ID: o.ID, Name: o.Name.String(), Slug: o.Slug.String(), Plan: o.Plan.String(),
			CreatedAt: o.CreatedAt, Version: int64(o.Version), Owner: in.Owner,
		})
	})
	if errors.Is(err, pgx.ErrNoRows) {
		fault := unknown("owner", "is not an active user", "send the id of a user who exists and is active")
		return domain.Organization{}, &fault
	}
	if err != nil {
		return domain.Organization{}, err
	}
	return row.organization()
}

// ReplaceOrganization implements ports.OrganizationWriter.
func (s *Organizations) ReplaceOrganization(ctx context.Context, in ports.ReplaceOrganization) (domain.Organization, error) {
	row, err := once(ctx, s.d, in.Idempotency, func(db sqlcheck.DB) (organizationRow, error) {
		return organizationUpdate.One(ctx, db, updateOrganization{
			ID: in.ID, Expected: int64(in.IfMatch), Name: optional(in.Name), Slug: optional(in.Slug), Plan: optional(in.Plan),
		})
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return domain.Organization{}, s.unmatched(ctx, in.ID, in.IfMatch)
	}
	if err != nil {
		return domain.Organization{}, err
	}
	return row.organization()
}

// DeleteOrganization implements ports.OrganizationWriter.
func (s *Organizations) DeleteOrganization(ctx context.Context, id domain.OrganizationID, ifMatch domain.Version) error {
	n, err := write(ctx, s.d, func(db sqlcheck.DB) (int64, error) {
		return organizationDelete.Exec(ctx, db, deleteOrganization{ID: id, Expected: int64(ifMatch)})
	})
	if err == nil && n == 0 {
		return s.unmatched(ctx, id, ifMatch)
	}
	return err
}

func (s *Organizations) unmatched(ctx context.Context, id domain.OrganizationID, expected domain.Version) error {
	if expected == 0 {
		return domain.Absent("organization", id)
	}
	stored, err := s.OrganizationByID(ctx, id)
	if err != nil {
		return err
	}
	return stale("organization", stored.Version, expected)
}
