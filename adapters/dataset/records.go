package dataset

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// The lines of the files. The JSON names are the names of the fields in CSV, too.
type (
	planLine struct {
		Code  string `json:"code"`
		Name  string `json:"name"`
		Seats *int64 `json:"seats,omitzero"`
	}
	organizationLine struct {
		ID        string `json:"id,omitzero"`
		Name      string `json:"name"`
		Slug      string `json:"slug"`
		Plan      string `json:"plan"`
		CreatedAt string `json:"created_at,omitzero"`
		Version   *int64 `json:"version,omitzero"`
	}
	userLine struct {
		ID          string         `json:"id,omitzero"`
		ExternalID  string         `json:"external_id,omitzero"`
		Username    string         `json:"username"`
		Email       string         `json:"email"`
		DisplayName string         `json:"display_name,omitzero"`
		Attributes  jsontext.Value `json:"attributes,omitzero"`
		Status      string         `json:"status,omitzero"`
		CreatedAt   string         `json:"created_at,omitzero"`
		UpdatedAt   string         `json:"updated_at,omitzero"`
		DeletedAt   string         `json:"deleted_at,omitzero"`
		Version     *int64         `json:"version,omitzero"`
	}
	membershipLine struct {
		OrganizationID string `json:"organization_id,omitzero"`
		Organization   string `json:"organization,omitzero"`
		UserID         string `json:"user_id,omitzero"`
		User           string `json:"user,omitzero"`
		Role           string `json:"role"`
		JoinedAt       string `json:"joined_at,omitzero"`
	}
	eventLine struct {
		ID             string         `json:"id,omitzero"`
		OrganizationID string         `json:"organization_id,omitzero"`
		Organization   string         `json:"organization,omitzero"`
		UserID         jsontext.Value `json:"user_id,omitzero"` // null says that the user was erased
		User           string         `json:"user,omitzero"`
		Kind           string         `json:"kind"`
		OccurredAt     string         `json:"occurred_at"`
		Payload        jsontext.Value `json:"payload,omitzero"`
	}
)

func (l *planLine) record(p *lineParser) domain.Plan {
	plan := domain.Plan{
		Code: required(p, "code", l.Code, domain.ParsePlanCode),
		Name: required(p, "name", l.Name, domain.ParsePlanName),
	}
	if l.Seats != nil {
		seats, err := domain.ParseSeats(*l.Seats)
		p.add(err)
		plan.Seats = seats
	}
	return plan
}

func (l *organizationLine) record(p *lineParser) ports.OrganizationRecord {
	return ports.OrganizationRecord{Organization: domain.Organization{
		ID:        optionalID[domain.Organization](p, "id", l.ID),
		Name:      required(p, "name", l.Name, domain.ParseOrganizationName),
		Slug:      required(p, "slug", l.Slug, domain.ParseSlug),
		Plan:      required(p, "plan", l.Plan, domain.ParsePlanCode),
		CreatedAt: p.instant("created_at", l.CreatedAt),
		Version:   p.version(l.Version),
	}}
}

func (l *userLine) record(p *lineParser) ports.UserRecord {
	u := ports.UserRecord{User: domain.User{
		ID:          optionalID[domain.User](p, "id", l.ID),
		ExternalID:  optional(p, "external_id", l.ExternalID, domain.ParseExternalID),
		Username:    required(p, "username", l.Username, domain.ParseUsername),
		Email:       required(p, "email", l.Email, domain.ParseEmail),
		DisplayName: optional(p, "display_name", l.DisplayName, domain.ParseDisplayName),
		Status:      optional(p, "status", l.Status, domain.ParseStatus),
		CreatedAt:   p.instant("created_at", l.CreatedAt),
		UpdatedAt:   p.instant("updated_at", l.UpdatedAt),
		DeletedAt:   p.instant("deleted_at", l.DeletedAt),
		Version:     p.version(l.Version),
	}}
	switch kind := l.Attributes.Kind(); kind {
	case jsontext.KindInvalid, 'n': // absent, or null
	case '{':
		attributes, err := domain.ParseAttributes(l.Attributes)
		p.add(err)
		u.Attributes, u.HasAttributes = attributes, true
	default:
		p.add(domain.WrongKind("attributes", byte(kind), "an object"))
	}
	if !u.DeletedAt.IsZero() && l.ID == "" {
		p.refuse("id", "is required of a deleted user, whose username is free again", "send id")
	}
	return u
}

func (l *membershipLine) record(p *lineParser) ports.MembershipRecord {
	return ports.MembershipRecord{
		Organization: p.organization(l.OrganizationID, l.Organization),
		User:         p.user(l.UserID, l.User),
		Role:         required(p, "role", l.Role, domain.ParseRole),
		JoinedAt:     p.instant("joined_at", l.JoinedAt),
	}
}

func (l *eventLine) record(p *lineParser) ports.EventRecord {
	e := ports.EventRecord{
		ID:           optionalID[domain.Event](p, "id", l.ID),
		Organization: p.organization(l.OrganizationID, l.Organization),
		Kind:         required(p, "kind", l.Kind, domain.ParseEventKind),
		OccurredAt:   required(p, "occurred_at", l.OccurredAt, occurredAt),
	}
	switch l.UserID.Kind() {
	case '"':
		id, _ := jsontext.AppendUnquote(nil, l.UserID)
		if len(id) == 0 {
			p.empty = append(p.empty, "user_id")
		}
		e.User = p.user(string(id), l.User)
	case 'n':
		if l.User != "" {
			e.User = p.user("", l.User)
		}
	default:
		if len(l.UserID) > 0 {
			p.add(domain.WrongKind("user_id", byte(l.UserID.Kind()), "a string or null"))
			break
		}
		e.User = p.user("", l.User)
	}
	if len(l.Payload) > 0 {
		payload, err := domain.ParsePayload(l.Payload)
		p.add(err)
		e.Payload = payload
	}
	return e
}

func occurredAt(text string) (time.Time, error) { return domain.ParseTime("occurred_at", text) }

func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
