package rest

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// SearchUsers answers with a page of the users that a term describes.
func (h *handlers) SearchUsers(ctx context.Context, request searchUsersRequest) (searchUsersResponse, error) {
	params, body, faults := request.read()
	limit, badLimit := pageSize(params.Limit, domain.DefaultSearchSize)
	filter, badFilter := parseUserFilter(&listUsersParams{
		Status: params.Status, Organization: params.Organization, Role: params.Role, Plan: params.Plan, EmailDomain: params.EmailDomain,
		CreatedFrom: params.CreatedFrom, CreatedTo: params.CreatedTo, Deleted: params.Deleted,
	})
	term, badTerm := domain.ParseSearchTerm(body.Term)
	if err := errors.Join(badLimit, badFilter, checkHighlight(params.Highlight), faults, badTerm); err != nil {
		return nil, err
	}
	filters := usersFingerprint(request.caller, &filter, domain.UserOrder{})
	query := newFingerprint(request.caller, "searchUsers", term.String(), string(filters))
	after, err := h.cursors.open(ctx, query, params.Cursor)
	if err != nil {
		return nil, err
	}
	in := ports.SearchUsers{Term: term, Filter: filter, Limit: limit}
	if after != nil {
		in.After = searchedTo(after)
	}
	found, err := h.users.Search(ctx, request.caller, in)
	if err != nil {
		return nil, err
	}
	out := pageOf(found.Page, params.Fields == 0 && params.Highlight == "", func(b []byte, f *ports.FoundUser) []byte {
		b = appendFound(b, f, params.Fields.orAll())
		if params.Highlight != "" {
			b = appendHighlight(b, term, f, found.Corrections)
		}
		return append(b, '}')
	})
	var end *position
	if next := found.Next(); next != nil {
		end = &position{at: next.At, id: next.ID, key: searchKey(next)}
	}
	out.link, err = h.cursors.link(ctx, firstPage("search", request.query), query, end)
	return searchUsers200{out}, err
}

// appendFound appends the fields of a user and its match, without the closing brace.
func appendFound(b []byte, f *ports.FoundUser, fields fieldSet) []byte {
	b = appendUser(b, &f.User, fields)
	if b = b[:len(b)-1]; b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	return appendString(append(b, `"match":`...), f.Match.String())
}

// searchKey holds the parts of a position in a search that other lists do not
// have: the match, the edits, and a dash where no page up to here has a user.
func searchKey(p *domain.SearchPosition) string {
	key := strconv.Itoa(int(p.Match))
	if p.Edits > 0 || p.Empty {
		key += strconv.Itoa(int(p.Edits))
	}
	if p.Empty {
		key += "-"
	}
	return key
}

// searchedTo reads a position from a cursor, which is as it was written.
func searchedTo(p *position) *domain.SearchPosition {
	to := &domain.SearchPosition{Match: domain.Match(p.key[0] - '0'), At: p.at, ID: p.id, Empty: strings.HasSuffix(p.key, "-")}
	if len(p.key) > 1 {
		to.Edits = p.key[1] - '0'
	}
	return to
}

func checkHighlight(how string) error {
	if how == "" || how == "html" {
		return nil
	}
	return invalidParameter("highlight", domain.ReasonSyntax, strconv.Quote(how)+" is not a way of highlighting",
		`send "html", or leave it out`)
}

func appendHighlight(b []byte, term domain.SearchTerm, f *ports.FoundUser, corrections []string) []byte {
	if f.Match != domain.MatchSimilar {
		corrections = nil
	}
	b = appendString(append(b, `,"highlight":{"username":`...), term.Highlight(f.Username.String(), corrections))
	b = appendString(append(b, `,"email":`...), term.Highlight(f.Email.String(), corrections))
	b = appendString(append(b, `,"display_name":`...), term.Highlight(f.DisplayName.String(), corrections))
	return append(b, '}')
}
