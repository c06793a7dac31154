package dataset

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// header returns the columns of an exported CSV file, in the order of cells.
func header(kind ports.RecordKind) []string {
	switch kind {
	case ports.MembershipRecords:
		return []string{"organization_id", "user_id", "role", "joined_at"}
	case ports.EventRecords:
		return []string{"id", "organization_id", "user_id", "kind", "occurred_at", "payload"}
	default:
		return knownFields(kind)
	}
}

func planFields(p domain.Plan) planLine {
	l := planLine{Code: p.Code.String(), Name: p.Name.String()}
	if n, limited := p.Seats.Limit(); limited {
		seats := int64(n)
		l.Seats = &seats
	}
	return l
}

func (l planLine) cells() []string { return []string{l.Code, l.Name, number(l.Seats)} }

func organizationFields(o domain.Organization) organizationLine {
	return organizationLine{
		ID: o.ID.String(), Name: o.Name.String(), Slug: o.Slug.String(), Plan: o.Plan.String(),
		CreatedAt: formatTime(o.CreatedAt), Version: versionField(o.Version),
	}
}

func (l organizationLine) cells() []string {
	return []string{l.ID, l.Name, l.Slug, l.Plan, l.CreatedAt, number(l.Version)}
}

func userFields(u ports.UserRecord) userLine {
	l := userLine{
		ID: u.ID.String(), ExternalID: u.ExternalID.String(), Username: u.Username.String(), Email: u.Email.String(),
		DisplayName: u.DisplayName.String(), Status: string(u.Status),
		CreatedAt: formatTime(u.CreatedAt), UpdatedAt: formatTime(u.UpdatedAt), DeletedAt: formatTime(u.DeletedAt),
		Version: versionField(u.Version),
	}
	if u.HasAttributes {
		l.Attributes = jsontext.Value(u.Attributes.String())
	}
	return l
}

func (l userLine) cells() []string {
	return []string{
		l.ID, l.ExternalID, l.Username, l.Email, l.DisplayName, string(l.Attributes), l.Status,
		l.CreatedAt, l.UpdatedAt, l.DeletedAt, number(l.Version),
	}
}

func membershipFields(m domain.Membership) membershipLine {
	return membershipLine{
		OrganizationID: m.Organization.String(), UserID: m.User.String(), Role: string(m.Role), JoinedAt: formatTime(m.JoinedAt),
	}
}

func (l membershipLine) cells() []string {
	return []string{l.OrganizationID, l.UserID, l.Role, l.JoinedAt}
}

func eventFields(e domain.Event) eventLine {
	l := eventLine{
		ID: e.ID.String(), OrganizationID: e.Organization.String(), UserID: jsontext.Value("null"),
		Kind: e.Kind.String(), OccurredAt: formatTime(e.OccurredAt),
	}
	if !e.User.IsZero() {
		l.UserID = jsontext.Value(`"` + e.User.String() + `"`)
	}
	if !e.Payload.IsZero() {
		l.Payload = jsontext.Value(e.Payload.String())
	}
	return l
}

func (l eventLine) cells() []string {
	user := ""
	if l.UserID.Kind() == '"' {
		user = string(l.UserID[1 : len(l.UserID)-1])
	}
	return []string{l.ID, l.OrganizationID, user, l.Kind, l.OccurredAt, string(l.Payload)}
}

func versionField(v domain.Version) *int64 {
	if v == 0 {
		return nil
	}
	n := int64(v)
	return &n
}

func number(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}
