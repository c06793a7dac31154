package dataset

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// The lines of the files. Their JSON names are the fields' names in CSV, too.
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

func (l *planLine) record() (domain.Plan, error) {
	var r reading
	plan := domain.Plan{
		Code: required(&r, "code", l.Code, func(text string) (domain.PlanCode, error) {
			code, err := domain.ParsePlanCode(text)
			return code, renamed("code", err)
		}),
		Name: required(&r, "name", l.Name, domain.ParsePlanName),
	}
	if l.Seats != nil {
		seats, err := domain.ParseSeats(*l.Seats)
		if err != nil {
			r.faults = append(r.faults, err)
		}
		plan.Seats = seats
	}
	return plan, r.fault()
}

func (l *organizationLine) record() (ports.OrganizationRecord, error) {
	var r reading
	o := ports.OrganizationRecord{Organization: domain.Organization{
		ID:        optionalID[domain.Organization](&r, "id", l.ID),
		Name:      required(&r, "name", l.Name, domain.ParseOrganizationName),
		Slug:      required(&r, "slug", l.Slug, domain.ParseSlug),
		Plan:      required(&r, "plan", l.Plan, domain.ParsePlanCode),
		CreatedAt: r.instant("created_at", l.CreatedAt),
		Version:   r.version(l.Version),
	}}
	return o, r.fault()
}

func (l *userLine) record() (ports.UserRecord, error) {
	var r reading
	u := ports.UserRecord{User: domain.User{
		ID:          optionalID[domain.User](&r, "id", l.ID),
		ExternalID:  optional(&r, l.ExternalID, domain.ParseExternalID),
		Username:    required(&r, "username", l.Username, domain.ParseUsername),
		Email:       required(&r, "email", l.Email, domain.ParseEmail),
		DisplayName: optional(&r, l.DisplayName, domain.ParseDisplayName),
		Status:      optional(&r, l.Status, domain.ParseStatus),
		CreatedAt:   r.instant("created_at", l.CreatedAt),
		UpdatedAt:   r.instant("updated_at", l.UpdatedAt),
		DeletedAt:   r.instant("deleted_at", l.DeletedAt),
		Version:     r.version(l.Version),
	}}
	if len(l.Attributes) > 0 && l.Attributes.Kind() != 'n' {
		attributes, err := domain.ParseAttributes(l.Attributes)
		if err != nil {
			r.faults = append(r.faults, err)
		}
		u.Attributes, u.HasAttributes = attributes, true
	}
	if l.DeletedAt != "" && l.ID == "" {
		r.refuse("id", "is required of a deleted user, whose username is free again", "send id")
	}
	return u, r.fault()
}

func (l *membershipLine) record() (ports.MembershipRecord, error) {
	var r reading
	m := ports.MembershipRecord{
		Organization: r.organization(l.OrganizationID, l.Organization),
		User:         r.user(l.UserID, l.User),
		Role:         required(&r, "role", l.Role, domain.ParseRole),
		JoinedAt:     r.instant("joined_at", l.JoinedAt),
	}
	return m, r.fault()
}

func (l *eventLine) record() (ports.EventRecord, error) {
	var r reading
	e := ports.EventRecord{
		ID:           optionalID[domain.Event](&r, "id", l.ID),
		Organization: r.organization(l.OrganizationID, l.Organization),
		Kind:         required(&r, "kind", l.Kind, domain.ParseEventKind),
		OccurredAt:   r.instant("occurred_at", l.OccurredAt),
	}
	if l.OccurredAt == "" {
		r.faults = append(r.faults, domain.Missing("occurred_at"))
	}
	switch l.UserID.Kind() {
	case '"':
		id, _ := jsontext.AppendUnquote(nil, l.UserID)
		e.User = r.user(string(id), l.User)
	case 'n':
		if l.User != "" {
			e.User = r.user("", l.User)
		}
	default:
		if len(l.UserID) > 0 {
			r.refuse("user_id", "is neither text nor null", "send a UUID")
			break
		}
		e.User = r.user("", l.User)
	}
	if len(l.Payload) > 0 {
		payload, err := domain.ParsePayload(l.Payload)
		if err != nil {
			r.faults = append(r.faults, err)
		}
		e.Payload = payload
	}
	return e, r.fault()
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
