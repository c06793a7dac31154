package rest

import (
	"strconv"

	"github.com/roster-directory/roster/domain"
)

// The fields of a user, in the order of the contract's UserField.
const (
	fieldID fieldSet = 1 << iota
	fieldExternalID
	fieldUsername
	fieldEmail
	fieldDisplayName
	fieldAttributes
	fieldStatus
	fieldCreatedAt
	fieldUpdatedAt
	fieldDeletedAt
	fieldVersion

	allFields = fieldVersion<<1 - 1
	// tombstoneFields are left of a user that was deleted.
	tombstoneFields = fieldID | fieldUpdatedAt | fieldDeletedAt | fieldVersion
)

// orAll is the fields that a client asks for: all where it names none.
func (f fieldSet) orAll() fieldSet {
	if f == 0 {
		return allFields
	}
	return f
}

// userEncoder encodes the fields of users.
func userEncoder(fields fieldSet) func([]byte, *domain.User) []byte {
	return func(b []byte, u *domain.User) []byte { return appendUser(b, u, fields) }
}

// appendUser appends those of the fields that the user has.
func appendUser(b []byte, u *domain.User, fields fieldSet) []byte {
	if u.ExternalID.IsZero() {
		fields &^= fieldExternalID
	}
	if u.DeletedAt.IsZero() {
		fields &^= fieldDeletedAt
	}
	if u.Version == 0 {
		fields &^= fieldVersion
	}
	separator := byte('{')
	for field := fieldID; field <= fieldVersion; field <<= 1 {
		if fields&field != 0 {
			b = appendUserField(append(b, separator), u, field)
			separator = ','
		}
	}
	if separator == '{' {
		b = append(b, '{')
	}
	return append(b, '}')
}

func appendUserField(b []byte, u *domain.User, field fieldSet) []byte {
	switch field {
	case fieldID:
		return append(u.ID.AppendText(append(b, `"id":"`...)), '"')
	case fieldExternalID:
		return appendString(append(b, `"external_id":`...), u.ExternalID.String())
	case fieldUsername:
		return appendString(append(b, `"username":`...), u.Username.String())
	case fieldEmail:
		return appendString(append(b, `"email":`...), u.Email.String())
	case fieldDisplayName:
		return appendString(append(b, `"display_name":`...), u.DisplayName.String())
	case fieldAttributes:
		return append(append(b, `"attributes":`...), u.Attributes.String()...)
	case fieldStatus:
		return appendString(append(b, `"status":`...), string(u.Status))
	case fieldCreatedAt:
		return appendTime(append(b, `"created_at":`...), u.CreatedAt)
	case fieldUpdatedAt:
		return appendTime(append(b, `"updated_at":`...), u.UpdatedAt)
	case fieldDeletedAt:
		return appendTime(append(b, `"deleted_at":`...), u.DeletedAt)
	default: // fieldVersion
		return strconv.AppendInt(append(b, `"version":`...), int64(u.Version), 10)
	}
}
