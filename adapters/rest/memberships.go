package rest

import (
	"context"
	"errors"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ListMembers answers with a page of an organization's members.
func (h *handlers) ListMembers(ctx context.Context, request listMembersRequest) (listMembersResponse, error) {
	params, faults := request.read()
	id, badID := organizationID(request.path.ID)
	limit, badLimit := pageSize(params.Limit, domain.DefaultListSize)
	role, badRole := parseGiven(params.Role, domain.ParseRole)
	if err := errors.Join(badID, faults, badLimit, inParameter(badRole)); err != nil {
		return nil, err
	}
	query := newFingerprint(request.caller, "listMembers", id.String(), string(role))
	after, err := h.cursors.open(ctx, query, params.Cursor)
	if err != nil {
		return nil, err
	}
	in := ports.ListMembers{Organization: id, Role: role, Limit: limit}
	if after != nil {
		in.After = &domain.Membership{JoinedAt: after.at, User: after.id}
	}
	page, err := h.memberships.Of(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	out := listOf(page.Items, appendMembership)
	end := endOf(page, func(last *domain.Membership) *position { return &position{at: last.JoinedAt, id: last.User} })
	out.link, err = h.cursors.link(ctx, firstPage("members", request.query), query, end)
	return listMembers200{out}, err
}

// GetMember answers with one membership.
func (h *handlers) GetMember(ctx context.Context, request getMemberRequest) (getMemberResponse, error) {
	id, user, err := memberPath(request.path.ID, request.path.User)
	if err != nil {
		return nil, err
	}
	membership, err := h.memberships.Get(ctx, request.caller, id, user)
	if err != nil {
		return nil, err
	}
	return getMember200{itemOf(&membership, appendMembership)}, nil
}

// PutMember adds a user to an organization, or changes its role there.
func (h *handlers) PutMember(ctx context.Context, request putMemberRequest) (putMemberResponse, error) {
	id, user, badPath := memberPath(request.path.ID, request.path.User)
	body, faults := request.read()
	role, badRole := domain.ParseRole(string(body.Role))
	if err := errors.Join(badPath, faults, badRole); err != nil {
		return nil, err
	}
	membership, added, err := h.memberships.Put(ctx, request.caller, ports.SetRole{Organization: id, User: user, Role: role})
	if err != nil {
		return nil, err
	}
	out := itemOf(&membership, appendMembership)
	out.minimal = request.minimal
	switch {
	case added:
		out.location = user.String()
		return putMember201{out}, nil
	case out.minimal:
		return putMember204{out}, nil
	}
	return putMember200{out}, nil
}

// RemoveMember ends a membership.
func (h *handlers) RemoveMember(ctx context.Context, request removeMemberRequest) (removeMemberResponse, error) {
	id, user, err := memberPath(request.path.ID, request.path.User)
	if err != nil {
		return nil, err
	}
	return removeMember204{}, h.memberships.Remove(ctx, request.caller, id, user)
}

// memberPath reads the ids in a membership's path.
func memberPath(organization, user string) (domain.OrganizationID, domain.UserID, error) {
	id, err1 := organizationID(organization)
	member, err2 := domain.ParseID[domain.User]("user", user)
	return id, member, errors.Join(err1, inParameter(err2))
}

func appendMembership(b []byte, m *domain.Membership) []byte {
	b = append(b, `{"organization_id":"`...)
	b = m.Organization.AppendText(b)
	b = append(b, `","user_id":"`...)
	b = m.User.AppendText(b)
	b = appendString(append(b, `","role":`...), string(m.Role))
	b = appendTime(append(b, `,"joined_at":`...), m.JoinedAt)
	return append(b, '}')
}
