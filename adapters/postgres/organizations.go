package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// Organizations implements ports.Organizations.
type Organizations struct {
	pool    *database.Pool
	counts  *database.Pool // of the class Counts
	erasing erasing
}

// NewOrganizations returns the organizations kept in d.
func NewOrganizations(d *Database) *Organizations {
	return &Organizations{pool: d.pool, counts: d.pool.For(database.Counts), erasing: newErasing(d.pool)}
}

// OrganizationByID implements ports.OrganizationReader.
func (s *Organizations) OrganizationByID(ctx context.Context, id domain.OrganizationID) (domain.Organization, error) {
	return database.One(ctx, s.pool, organizationByID, byID{id}, rows.Organization.Value, "organization", id)
}

// OrganizationBySlug implements ports.OrganizationReader.
func (s *Organizations) OrganizationBySlug(ctx context.Context, slug domain.Slug) (domain.Organization, error) {
	return database.One(ctx, s.pool, organizationBySlug, byKey{slug.String()}, rows.Organization.Value, "organization", slug)
}

// CreateOrganization implements ports.OrganizationWriter.
func (s *Organizations) CreateOrganization(ctx context.Context, in ports.CreateOrganization) (domain.Organization, error) {
	o := in.Organization
	row, err := once(ctx, s.pool, in.Idempotency, func(db sqlcheck.DB) (rows.Organization, error) {
		return organizationInsert.One(ctx, db, insertOrganization{
			ID: o.ID, Name: o.Name.String(), Slug: o.Slug.String(), Plan: o.Plan.String(),
			CreatedAt: o.CreatedAt, Version: int64(o.Version), Owner: in.Owner,
		})
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return domain.Organization{}, &domain.Error{
			Kind: domain.Invalid, Reason: domain.ReasonUnknown, Field: "owner",
			Detail: "is not an active user", Fix: "send the id of a user that exists and is active",
		}
	}
	if err != nil {
		return domain.Organization{}, err
	}
	return row.Value()
}

// ReplaceOrganization implements ports.OrganizationWriter.
func (s *Organizations) ReplaceOrganization(ctx context.Context, in ports.ReplaceOrganization) (domain.Organization, error) {
	row, err := once(ctx, s.pool, in.Idempotency, func(db sqlcheck.DB) (rows.Organization, error) {
		return organizationUpdate.One(ctx, db, updateOrganization{
			ID: in.ID, Expected: int64(in.IfMatch), Name: rows.Text(in.Name), Slug: rows.Text(in.Slug), Plan: rows.Text(in.Plan),
		})
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return domain.Organization{}, s.unmatched(ctx, in.ID, in.IfMatch)
	}
	if err != nil {
		return domain.Organization{}, err
	}
	return row.Value()
}

// DeleteOrganization implements ports.OrganizationWriter.
func (s *Organizations) DeleteOrganization(
	ctx context.Context, id domain.OrganizationID, ifMatch domain.Version,
) (ports.Erasure, error) {
	n, err := database.Write(ctx, s.pool, func(db sqlcheck.DB) (int64, error) {
		return organizationDelete.Exec(ctx, db, deleteOrganization{ID: id, Expected: int64(ifMatch)})
	})
	if err != nil {
		return ports.Erasure{}, err
	}
	if n == 0 {
		return ports.Erasure{}, s.unmatched(ctx, id, ifMatch)
	}
	return s.erasing.begin(ctx, erasedOrganization, id)
}

// OrganizationErasure implements ports.OrganizationReader.
func (s *Organizations) OrganizationErasure(ctx context.Context, id domain.OrganizationID) (ports.Erasure, error) {
	return s.erasing.state(ctx, erasedOrganization, id)
}

func (s *Organizations) unmatched(ctx context.Context, id domain.OrganizationID, expected domain.Version) error {
	if expected == 0 {
		return domain.Absent("organization", id)
	}
	stored, err := s.OrganizationByID(ctx, id)
	if err != nil {
		return err
	}
	return domain.Outdated("organization", stored.Version, expected)
}
