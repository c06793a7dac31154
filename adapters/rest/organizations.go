package rest

import (
	"context"
	"errors"
	"strconv"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ListOrganizations answers with a page of organizations, or with the
// organization that has a slug.
func (h *handlers) ListOrganizations(ctx context.Context, request listOrganizationsRequest) (listOrganizationsResponse, error) {
	params, faults := request.read()
	var out *response
	var err error
	if params.Slug != "" {
		out, err = h.organizationBySlug(ctx, &request, faults)
	} else {
		out, err = h.organizationPage(ctx, &request, faults)
	}
	if err != nil {
		return nil, err
	}
	return listOrganizations200{out}, nil
}

// organizationBySlug lists the organization that has a slug and is on the plan, or
// none. The order and the size of pages do not matter to such a list.
func (h *handlers) organizationBySlug(ctx context.Context, request *listOrganizationsRequest, faults error) (*response, error) {
	params := &request.params
	slug, badSlug := domain.ParseSlug(params.Slug)
	plan, badPlan := parseGiven(params.Plan, domain.ParsePlanCode)
	_, badLimit := pageSize(params.Limit, domain.DefaultListSize)
	_, badOrder := parseGiven(params.Sort, domain.ParseOrganizationOrder)
	how, badTotal := parseGiven(params.Total, domain.ParseCounting)
	if err := errors.Join(faults, badLimit, inParameter(errors.Join(badSlug, badOrder, badPlan, badTotal))); err != nil {
		return nil, err
	}
	if params.Cursor != "" {
		return nil, badCursor() // the list has one page
	}
	organization, err := h.organizations.GetBySlug(ctx, request.caller, slug)
	found := []domain.Organization{organization}
	switch {
	case errors.Is(err, domain.NotFound):
		found = nil
	case err != nil:
		return nil, err
	case params.Plan != "" && organization.Plan != plan:
		found = nil
	}
	out := listOf(found, appendOrganization)
	out.total = exactTotal(how, len(found))
	return out, nil
}

// organizationPage lists organizations by their plan.
func (h *handlers) organizationPage(ctx context.Context, request *listOrganizationsRequest, faults error) (*response, error) {
	params := &request.params
	limit, badLimit := pageSize(params.Limit, domain.DefaultListSize)
	order, badOrder := parseGiven(params.Sort, domain.ParseOrganizationOrder)
	plan, badPlan := parseGiven(params.Plan, domain.ParsePlanCode)
	how, badTotal := parseGiven(params.Total, domain.ParseCounting)
	if err := errors.Join(faults, badLimit, inParameter(errors.Join(badOrder, badPlan, badTotal))); err != nil {
		return nil, err
	}
	query := newFingerprint(request.caller, "listOrganizations", order.String(), plan.String())
	after, err := h.cursors.open(ctx, query, params.Cursor)
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
	total, err := countTotal(how, func() (domain.Total, error) {
		return h.organizations.Count(ctx, request.caller, plan, how)
	})
	if err != nil {
		return nil, err
	}
	out := listOf(page.Items, appendOrganization)
	out.total = total
	end := endOf(page, func(last *domain.Organization) *position { return positionOf(order.Position(*last)) })
	out.link, err = h.cursors.link(ctx, firstPage("organizations", request.query), query, end)
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
		Name: name, Slug: slug, Plan: plan, Owner: owner, Idempotency: request.idempotencyKey.forOperation("createOrganization"),
	})
	if err != nil {
		return nil, err
	}
	out := oneOrganization(&organization)
	out.location, out.minimal = "organizations/"+organization.ID.String(), request.minimal
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
	out := versioned(organization.Version, 0)
	if tag, same := request.ifNoneMatch.matches(out.tag); same {
		out.tag = tag
		return getOrganization304{out}, nil
	}
	out.buf = appendOrganization(out.buf, &organization)
	return getOrganization200{out}, nil
}

// ReplaceOrganization gives an organization new names and a plan.
func (h *handlers) ReplaceOrganization(
	ctx context.Context, request replaceOrganizationRequest,
) (replaceOrganizationResponse, error) {
	body, faults := request.read()
	in, err := parseOrganizationChange(request.path.ID, &OrganizationPatch{Name: &body.Name, Slug: &body.Slug, Plan: &body.Plan}, faults)
	if err != nil {
		return nil, err
	}
	in.Idempotency = request.idempotencyKey.forOperation("replaceOrganization")
	out, err := h.changeOrganization(ctx, request.caller, &request.ifMatch, in)
	if err != nil {
		return nil, err
	}
	if out.minimal = request.minimal; out.minimal {
		return replaceOrganization204{out}, nil
	}
	return replaceOrganization200{out}, nil
}

// PatchOrganization changes some fields of an organization.
func (h *handlers) PatchOrganization(ctx context.Context, request patchOrganizationRequest) (patchOrganizationResponse, error) {
	body, faults := request.read()
	in, err := parseOrganizationChange(request.path.ID, body, faults)
	if err != nil {
		return nil, err
	}
	in.Idempotency = request.idempotencyKey.forOperation("patchOrganization")
	out, err := h.changeOrganization(ctx, request.caller, &request.ifMatch, in)
	if err != nil {
		return nil, err
	}
	if out.minimal = request.minimal; out.minimal {
		return patchOrganization204{out}, nil
	}
	return patchOrganization200{out}, nil
}

// DeleteOrganization removes an organization with its memberships and events.
func (h *handlers) DeleteOrganization(ctx context.Context, request deleteOrganizationRequest) (deleteOrganizationResponse, error) {
	id, badID := organizationID(request.path.ID)
	if err := errors.Join(badID, request.read()); err != nil {
		return nil, err
	}
	erasure, err := matching(&request.ifMatch, func(version domain.Version) (ports.Erasure, error) {
		return h.organizations.Delete(ctx, request.caller, id, version)
	})
	if err != nil {
		return nil, err
	}
	if !erasure.Finished() {
		return deleteOrganization202{erasureAt(id.String() + "/erasure")}, nil
	}
	return deleteOrganization204{}, nil
}

// changeOrganization changes an organization under a condition and shows it.
func (h *handlers) changeOrganization(
	ctx context.Context, caller domain.Principal, condition *ifMatch, in app.ReplaceOrganization,
) (*response, error) {
	organization, err := matching(condition, func(version domain.Version) (domain.Organization, error) {
		in.IfMatch = version
		return h.organizations.Replace(ctx, caller, in)
	})
	if err != nil {
		return nil, err
	}
	return oneOrganization(&organization), nil
}

// parseOrganizationChange parses the path and the body of a request to change an
// organization. The error includes the faults.
func parseOrganizationChange(path string, body *OrganizationPatch, faults error) (app.ReplaceOrganization, error) {
	id, badID := organizationID(path)
	name, err1 := parseOptional(body.Name, domain.ParseOrganizationName)
	slug, err2 := parseOptional(body.Slug, domain.ParseSlug)
	plan, err3 := parseOptional(body.Plan, domain.ParsePlanCode)
	return app.ReplaceOrganization{ID: id, Name: name, Slug: slug, Plan: plan}, errors.Join(badID, faults, err1, err2, err3)
}

// oneOrganization shows an organization and its version.
func oneOrganization(organization *domain.Organization) *response {
	out := versioned(organization.Version, 0)
	out.buf = appendOrganization(out.buf, organization)
	return out
}

func appendOrganization(b []byte, o *domain.Organization) []byte {
	b = append(b, `{"id":"`...)
	b = o.ID.AppendText(b)
	b = appendString(append(b, `","name":`...), o.Name.String())
	b = appendString(append(b, `,"slug":`...), o.Slug.String())
	b = appendString(append(b, `,"plan":`...), o.Plan.String())
	b = appendTime(append(b, `,"created_at":`...), o.CreatedAt)
	b = strconv.AppendInt(append(b, `,"version":`...), int64(o.Version), 10)
	return append(b, '}')
}
