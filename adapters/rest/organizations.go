package rest

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ListOrganizations answers with a page of organizations, or with the one that
// has a slug.
func (h *handlers) ListOrganizations(ctx context.Context, request listOrganizationsRequest) (listOrganizationsResponse, error) {
	params, faults := request.read()
	if params.Slug != "" && *params != (listOrganizationsParams{Slug: params.Slug}) {
		return nil, errors.Join(faults, badMode("slug", "goes with no other parameter", "leave the other parameters out"))
	}
	var out *answer
	var err error
	if params.Slug != "" {
		out, err = h.oneOrganizationList(ctx, request.caller, params.Slug, faults)
	} else {
		out, err = h.organizationPage(ctx, &request, faults)
	}
	if err != nil {
		return nil, err
	}
	return listOrganizations200{out}, nil
}

// oneOrganizationList looks an organization up by its slug: a list of one or none.
func (h *handlers) oneOrganizationList(ctx context.Context, caller domain.Principal, text string, faults error) (*answer, error) {
	slug, err := domain.ParseSlug(text)
	if err := errors.Join(faults, inParameter(err)); err != nil {
		return nil, err
	}
	organization, err := h.organizations.GetBySlug(ctx, caller, slug)
	if errors.Is(err, domain.NotFound) {
		return organizationList(nil), nil
	}
	if err != nil {
		return nil, err
	}
	return organizationList([]domain.Organization{organization}), nil
}

// organizationPage lists organizations by their plan.
func (h *handlers) organizationPage(ctx context.Context, request *listOrganizationsRequest, faults error) (*answer, error) {
	params := &request.params
	limit, badLimit := pageSize(params.Limit, domain.DefaultListSize)
	order, badOrder := given(params.Sort, domain.ParseOrganizationOrder)
	plan, badPlan := given(params.Plan, domain.ParsePlanCode)
	how, badTotal := given(params.Total, domain.ParseCounting)
	if err := errors.Join(faults, badLimit, inParameter(errors.Join(badOrder, badPlan, badTotal))); err != nil {
		return nil, err
	}
	question := questionOf("listOrganizations", order.String(), plan.String())
	after, err := h.cursors.open(ctx, question, params.Cursor)
	if err != nil {
		return nil, err
	}
	in := ports.ListOrganizations{Plan: plan, Order: order, Limit: limit}
	if after != nil {
		in.After = &domain.OrganizationPosition{At: after.at, Key: after.key, ID: after.id}
	}
	page, err := h.organizations.List(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	total, err := totalOf(how, func() (domain.Total, error) { return h.organizations.Count(ctx, request.caller, plan, how) })
	if err != nil {
		return nil, err
	}
	out := organizationList(page.Items)
	out.total = total
	next := following(page, func(last *domain.Organization) *position { return placed(order.Position(*last)) })
	out.link, err = h.cursors.link(ctx, pageOf("/organizations", request.query), question, next)
	return out, err
}

// CreateOrganization adds an organization with its first owner.
func (h *handlers) CreateOrganization(ctx context.Context, request createOrganizationRequest) (createOrganizationResponse, error) {
	body, faults := request.read()
	name, err1 := domain.ParseOrganizationName(body.Name)
	slug, err2 := domain.ParseSlug(body.Slug)
	plan, err3 := domain.ParsePlanCode(body.Plan)
	owner, err4 := domain.ParseID[domain.User]("owner", body.Owner)
	if err := errors.Join(faults, err1, err2, err3, err4); err != nil {
		return nil, err
	}
	organization, err := h.organizations.Create(ctx, request.caller, app.CreateOrganization{
		Name: name, Slug: slug, Plan: plan, Owner: owner, Idempotency: request.idempotencyKey.command("createOrganization"),
	})
	if err != nil {
		return nil, err
	}
	out := oneOrganization(&organization)
	out.location, out.minimal = organizationPath(organization.ID), request.prefer.minimal
	return createOrganization201{out}, nil
}

// GetOrganization answers with one organization.
func (h *handlers) GetOrganization(ctx context.Context, request getOrganizationRequest) (getOrganizationResponse, error) {
	id, badID := organizationID(request.path.ID)
	if err := errors.Join(badID, request.read()); err != nil {
		return nil, err
	}
	organization, err := h.organizations.Get(ctx, request.caller, id)
	if err != nil {
		return nil, err
	}
	if request.ifNoneMatch.matches(organization.Version) {
		return getOrganization304{versioned(organization.Version, false)}, nil
	}
	return getOrganization200{oneOrganization(&organization)}, nil
}

// ReplaceOrganization gives an organization new names and a plan.
func (h *handlers) ReplaceOrganization(ctx context.Context, request replaceOrganizationRequest) (replaceOrganizationResponse, error) {
	body, faults := request.read()
	in, err := changeOrganization(request.path.ID, &OrganizationPatch{Name: &body.Name, Slug: &body.Slug, Plan: &body.Plan}, faults)
	if err != nil {
		return nil, err
	}
	in.Idempotency = request.idempotencyKey.command("replaceOrganization")
	out, err := h.changedOrganization(ctx, request.caller, &request.ifMatch, in)
	if err != nil {
		return nil, err
	}
	if out.minimal = request.prefer.minimal; out.minimal {
		return replaceOrganization204{out}, nil
	}
	return replaceOrganization200{out}, nil
}

// PatchOrganization changes some of what an organization is.
func (h *handlers) PatchOrganization(ctx context.Context, request patchOrganizationRequest) (patchOrganizationResponse, error) {
	body, faults := request.read()
	in, err := changeOrganization(request.path.ID, body, faults)
	if err != nil {
		return nil, err
	}
	in.Idempotency = request.idempotencyKey.command("patchOrganization")
	out, err := h.changedOrganization(ctx, request.caller, &request.ifMatch, in)
	if err != nil {
		return nil, err
	}
	if out.minimal = request.prefer.minimal; out.minimal {
		return patchOrganization204{out}, nil
	}
	return patchOrganization200{out}, nil
}

// DeleteOrganization removes an organization with all that belongs to it.
func (h *handlers) DeleteOrganization(ctx context.Context, request deleteOrganizationRequest) (deleteOrganizationResponse, error) {
	id, badID := organizationID(request.path.ID)
	if err := errors.Join(badID, request.read()); err != nil {
		return nil, err
	}
	_, err := matching(&request.ifMatch, func(version domain.Version) (struct{}, error) {
		return struct{}{}, h.organizations.Delete(ctx, request.caller, id, version)
	})
	return deleteOrganization204{}, err
}

// changedOrganization changes an organization under a condition and shows it.
func (h *handlers) changedOrganization(ctx context.Context, caller domain.Principal, condition *ifMatch, in ports.ReplaceOrganization) (*answer, error) {
	organization, err := matching(condition, func(version domain.Version) (domain.Organization, error) {
		in.IfMatch = version
		return h.organizations.Replace(ctx, caller, in)
	})
	if err != nil {
		return nil, err
	}
	return oneOrganization(&organization), nil
}

// changeOrganization parses the path and the body of a request to change an
// organization; the error lists the faults, too.
func changeOrganization(path string, body *OrganizationPatch, faults error) (ports.ReplaceOrganization, error) {
	id, badID := organizationID(path)
	name, err1 := optional(body.Name, domain.ParseOrganizationName)
	slug, err2 := optional(body.Slug, domain.ParseSlug)
	plan, err3 := optional(body.Plan, domain.ParsePlanCode)
	return ports.ReplaceOrganization{ID: id, Name: name, Slug: slug, Plan: plan}, errors.Join(badID, faults, err1, err2, err3)
}

// organizationID reads the id in an organization's path.
func organizationID(text string) (domain.OrganizationID, error) {
	id, err := domain.ParseID[domain.Organization]("id", text)
	return id, inParameter(err)
}

func organizationPath(id domain.OrganizationID) string { return "/organizations/" + id.String() }

func organizationList(organizations []domain.Organization) *answer {
	a := newAnswer()
	a.buf = appendList(a.buf, organizations, appendOrganization)
	return a
}

// oneOrganization shows an organization and its version.
func oneOrganization(organization *domain.Organization) *answer {
	a := versioned(organization.Version, false)
	a.buf = appendOrganization(a.buf, organization)
	return a
}
