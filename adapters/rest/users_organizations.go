package rest

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ListUserOrganizations answers with a page of the organizations of a user.
func (h *handlers) ListUserOrganizations(
	ctx context.Context, request listUserOrganizationsRequest,
) (listUserOrganizationsResponse, error) {
	params, faults := request.read()
	id, badID := userID(request.path.ID)
	limit, badLimit := pageSize(params.Limit, domain.DefaultListSize)
	if err := errors.Join(badID, faults, badLimit); err != nil {
		return nil, err
	}
	query := newFingerprint(request.caller, "listUserOrganizations", id.String())
	after, err := h.cursors.open(ctx, query, params.Cursor)
	if err != nil {
		return nil, err
	}
	in := ports.ListAffiliations{User: id, Limit: limit}
	if after != nil {
		in.After = &domain.OrganizationPosition{Key: after.key, ID: after.id}
	}
	page, err := h.memberships.OrganizationsOf(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	out := listOf(page.Items, appendAffiliation)
	end := endOf(page, func(last *domain.Affiliation) *position {
		return &position{key: last.Organization.Name.String(), id: last.Organization.ID}
	})
	out.link, err = h.cursors.link(ctx, firstPage("organizations", request.query), query, end)
	return listUserOrganizations200{out}, err
}

func appendAffiliation(b []byte, a *domain.Affiliation) []byte {
	b = appendOrganization(append(b, `{"organization":`...), &a.Organization)
	b = appendString(append(b, `,"role":`...), string(a.Role))
	b = appendTime(append(b, `,"joined_at":`...), a.JoinedAt)
	return append(b, '}')
}
