package rest

import (
	"context"
	"errors"
	"strconv"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// SearchUsers answers with a page of the users that a term describes.
func (h *handlers) SearchUsers(ctx context.Context, request searchUsersRequest) (searchUsersResponse, error) {
	params, body, faults := request.read()
	limit, badLimit := pageSize(params.Limit, domain.DefaultSearchSize)
	filter, badFilter := userFilter(&listUsersParams{
		Status: params.Status, Organization: params.Organization, Role: params.Role, Plan: params.Plan, EmailDomain: params.EmailDomain,
		CreatedFrom: params.CreatedFrom, CreatedTo: params.CreatedTo, Deleted: params.Deleted,
	})
	term, badTerm := domain.ParseSearchTerm(body.Term)
	if err := errors.Join(badLimit, badFilter, checkHighlight(params.Highlight), faults, badTerm); err != nil {
		return nil, err
	}
	question := questionOf("searchUsers", term.String(), string(userQuestion(&filter, domain.UserOrder{})))
	after, err := h.cursors.open(ctx, question, params.Cursor)
	if err != nil {
		return nil, err
	}
	in := ports.SearchUsers{Term: term, Filter: filter, Limit: limit}
	if after != nil {
		in.After = searchPosition(after)
	}
	found, err := h.users.Search(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	out := pageOfAll(found.Page, params.Fields == 0 && params.Highlight == "", func(b []byte, f *ports.FoundUser) []byte {
		b = appendFields(b, &f.User, params.Fields)
		if b = b[:len(b)-1]; b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = appendString(append(b, `"match":`...), f.Match.String())
		if params.Highlight != "" {
			b = appendHighlight(b, term, f, found.Instead)
		}
		return append(b, '}')
	})
	next := following(found.Page, func(last *ports.FoundUser) *position {
		return &position{at: last.CreatedAt, id: last.ID, key: strconv.Itoa(int(last.Match))}
	})
	out.link, err = h.cursors.link(ctx, pageOf("/users/search", request.query), question, next)
	return searchUsers200{out}, err
}

func searchPosition(p *position) *domain.SearchPosition {
	match, _ := strconv.ParseUint(p.key, 10, 8) // sealed: it is as it was written
	return &domain.SearchPosition{Match: domain.Match(match), At: p.at, ID: p.id}
}

func checkHighlight(how string) error {
	if how == "" || how == "html" {
		return nil
	}
	return inParameter(&domain.Error{Kind: domain.Invalid, Reason: domain.ReasonSyntax, Field: "highlight", Detail: strconv.Quote(how) + " is not a way of highlighting", Fix: `send "html", or leave it out`})
}

func appendHighlight(b []byte, term domain.SearchTerm, f *ports.FoundUser, instead []string) []byte {
	if f.Match != domain.MatchSimilar {
		instead = nil
	}
	b = appendString(append(b, `,"highlight":{"username":`...), term.Highlight(f.Username.String(), instead))
	b = appendString(append(b, `,"email":`...), term.Highlight(f.Email.String(), instead))
	b = appendString(append(b, `,"display_name":`...), term.Highlight(f.DisplayName.String(), instead))
	return append(b, '}')
}
