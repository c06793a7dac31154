package rest

import (
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/roster-directory/roster/domain"
)

// The answers are encoded by hand, since they are the greater part of what a
// request costs. A test holds every encoder against encoding/json on the types
// of the contract.

func appendUser(b []byte, u *domain.User) []byte {
	b = append(b, `{"id":"`...)
	b = u.ID.AppendText(b)
	if !u.ExternalID.IsZero() {
		b = appendString(append(b, `","external_id":`...), u.ExternalID.String())
		b = append(b, `,"username":`...)
	} else {
		b = append(b, `","username":`...)
	}
	b = appendString(b, u.Username.String())
	b = appendString(append(b, `,"email":`...), u.Email.String())
	b = appendString(append(b, `,"display_name":`...), u.DisplayName.String())
	b = append(append(b, `,"attributes":`...), u.Attributes.String()...)
	b = appendString(append(b, `,"status":`...), string(u.Status))
	b = appendTime(append(b, `,"created_at":`...), u.CreatedAt)
	b = appendTime(append(b, `,"updated_at":`...), u.UpdatedAt)
	if !u.DeletedAt.IsZero() {
		b = appendTime(append(b, `,"deleted_at":`...), u.DeletedAt)
	}
	b = strconv.AppendInt(append(b, `,"version":`...), int64(u.Version), 10)
	return append(b, '}')
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

func appendAffiliation(b []byte, a *domain.Affiliation) []byte {
	b = appendOrganization(append(b, `{"organization":`...), &a.Organization)
	b = appendString(append(b, `,"role":`...), string(a.Role))
	b = appendTime(append(b, `,"joined_at":`...), a.JoinedAt)
	return append(b, '}')
}

func appendEngagement(b []byte, e *domain.Engagement) []byte {
	b = append(b, `{"organization_id":"`...)
	b = e.Organization.AppendText(b)
	b = appendString(append(b, `","organization":`...), e.Name.String())
	b = appendString(append(b, `,"plan":`...), e.Plan.String())
	b = strconv.AppendInt(append(b, `,"members":`...), e.Members, 10)
	b = strconv.AppendInt(append(b, `,"active_members":`...), e.ActiveMembers, 10)
	b = strconv.AppendInt(append(b, `,"events":`...), e.Events, 10)
	b = append(b, `,"last_activity":`...)
	if e.LastActivity.IsZero() {
		b = append(b, `null`...)
	} else {
		b = appendTime(b, e.LastActivity)
	}
	if e.Series != nil {
		b = appendList(append(b, `,"series":`...), e.Series, appendBucket)
	}
	return append(b, '}')
}

func appendBucket(b []byte, a *domain.BucketActivity) []byte {
	b = appendTime(append(b, `{"from":`...), a.From.UTC())
	b = strconv.AppendInt(append(b, `,"active_members":`...), a.ActiveMembers, 10)
	b = strconv.AppendInt(append(b, `,"events":`...), a.Events, 10)
	return append(b, '}')
}

func appendList[T any](b []byte, list []T, one func([]byte, *T) []byte) []byte {
	b = append(b, '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(b, &list[i])
	}
	return append(b, ']')
}

func appendProblem(b []byte, p *problem, requestID string) []byte {
	b = appendString(append(b, `{"type":`...), p.kind.uri())
	b = appendString(append(b, `,"title":`...), catalogue[p.kind].title)
	b = strconv.AppendInt(append(b, `,"status":`...), int64(p.kind.status()), 10)
	b = appendString(append(b, `,"detail":`...), p.detail)
	if len(p.faults) > 0 {
		b = appendList(append(b, `,"errors":`...), p.faults, appendFault)
	}
	b = appendString(append(b, `,"request_id":`...), requestID)
	return append(b, '}')
}

func appendFault(b []byte, f *fault) []byte {
	if f.parameter != "" {
		b = appendString(append(b, `{"parameter":`...), f.parameter)
	} else {
		b = appendString(append(b, `{"pointer":`...), f.pointer)
	}
	b = appendString(append(b, `,"detail":`...), f.detail)
	b = appendString(append(b, `,"fix":`...), f.fix)
	return append(b, '}')
}

// appendTime appends an instant as RFC 3339 in UTC, to the microsecond.
func appendTime(b []byte, t time.Time) []byte {
	b = append(b, '"')
	b = domain.Instant(t).AppendFormat(b, time.RFC3339Nano)
	return append(b, '"')
}

const hexDigits = "0123456789abcdef"

// appendString appends text as a JSON string, escaped as encoding/json does
// without HTML escaping: JavaScript's line ends too, and bytes that are not
// UTF-8 replaced.
func appendString(b []byte, text string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c < ' ' || c == '"' || c == '\\' {
				b = appendEscape(append(b, text[from:i]...), c)
				from = i + 1
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b = append(append(b, text[from:i]...), `\ufffd`...)
			from = i + size
		case r == '\u2028' || r == '\u2029':
			b = append(append(b, text[from:i]...), `\u202`...)
			b = append(b, hexDigits[r&15])
			from = i + size
		}
		i += size
	}
	return append(append(b, text[from:]...), '"')
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\b':
		return append(b, `\b`...)
	case '\f':
		return append(b, `\f`...)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}
