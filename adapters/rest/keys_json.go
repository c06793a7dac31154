package rest

import (
	"slices"
	"time"

	"github.com/roster-directory/roster/domain"
)

func appendCaller(b []byte, p *domain.Principal) []byte {
	b = appendString(append(b, `{"subject":`...), p.Subject)
	b = appendStrings(append(b, `,"scopes":`...), p.Scopes)
	if !p.Within.IsZero() {
		b = append(p.Within.AppendText(append(b, `,"within":"`...)), '"')
	}
	ids := make([]domain.OrganizationID, 0, len(p.Roles))
	for id := range p.Roles {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, domain.OrganizationID.Compare)
	b = append(b, `,"roles":{`...)
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(id.AppendText(append(b, '"')), `":`...)
		b = appendString(b, string(p.Roles[id]))
	}
	return append(b, "}}"...)
}

func appendKey(b []byte, key *domain.APIKey) []byte { return append(appendKeyFields(b, key), '}') }

func appendKeyFields(b []byte, key *domain.APIKey) []byte {
	b = append(key.ID.AppendText(append(b, `{"id":"`...)), '"')
	b = appendString(append(b, `,"name":`...), key.Name.String())
	b = appendStrings(append(b, `,"scopes":`...), key.Scopes)
	if !key.Organization.IsZero() {
		b = append(key.Organization.AppendText(append(b, `,"organization":"`...)), '"')
	}
	if key.Role != "" {
		b = appendString(append(b, `,"role":`...), string(key.Role))
	}
	b = appendTime(append(b, `,"created_at":`...), key.CreatedAt)
	b = appendString(append(b, `,"created_by":`...), key.CreatedBy)
	b = appendTimeIf(b, `,"expires_at":`, key.ExpiresAt)
	b = appendTimeIf(b, `,"revoked_at":`, key.RevokedAt)
	if key.RevokedBy != "" {
		b = appendString(append(b, `,"revoked_by":`...), key.RevokedBy)
	}
	return appendTimeIf(b, `,"last_used_at":`, key.LastUsedAt)
}

// appendTimeIf appends a field unless its time is zero.
func appendTimeIf(b []byte, field string, t time.Time) []byte {
	if t.IsZero() {
		return b
	}
	return appendTime(append(b, field...), t)
}

// keyWithToken is the only response that has a token. Nothing on the way may keep
// it. The keys are at a path relative to that of the request.
func keyWithToken(key *domain.APIKey, token domain.APIToken, keys string) *response {
	out := newResponse()
	b := appendKeyFields(out.buf, key)
	b = appendString(append(b, `,"token":`...), token.String())
	out.buf = append(b, '}')
	out.location, out.secret = keys+key.ID.String(), true
	return out
}
