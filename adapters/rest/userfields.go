package rest

import (
	"strconv"

	"github.com/roster-directory/roster/domain"
)

// The members of a user, in the order of the contract's UserField.
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

	// tombstoneFields are what is left of a user that was deleted.
	tombstoneFields = fieldID | fieldUpdatedAt | fieldDeletedAt | fieldVersion
)

// showing encodes the fields of a user, or the whole of it where there are none.
func showing(fields fieldSet) func([]byte, *domain.User) []byte {
	if fields == 0 {
		return appendUser
	}
	return func(b []byte, u *domain.User) []byte { return appendUserView(b, u, fields) }
}

// appendFields is showing for one user, which stays off the heap.
func appendFields(b []byte, u *domain.User, fields fieldSet) []byte {
	if fields == 0 {
		return appendUser(b, u)
	}
	return appendUserView(b, u, fields)
}

// appendUserView appends the fields of a user; those that it does not have are
// left out.
func appendUserView(b []byte, u *domain.User, fields fieldSet) []byte {
	if u.ExternalID.IsZero() {
		fields &^= fieldExternalID
	}
	if u.DeletedAt.IsZero() {
		fields &^= fieldDeletedAt
	}
	if u.Version == 0 {
		fields &^= fieldVersion
	}
	b = append(b, '{')
	for field := fieldID; field <= fieldVersion; field <<= 1 {
		if fields&field == 0 {
			continue
		}
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = appendUserField(b, u, field)
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
	}
	return strconv.AppendInt(append(b, `"version":`...), int64(u.Version), 10)
}

// appendChange appends a user as a list of changes shows it: of one that was
// deleted no more than that.
func appendChange(b []byte, u *domain.User, fields fieldSet) []byte {
	switch {
	case !u.DeletedAt.IsZero() && fields == 0:
		return appendUserView(b, u, tombstoneFields)
	case !u.DeletedAt.IsZero():
		return appendUserView(b, u, tombstoneFields&fields)
	}
	return appendFields(b, u, fields)
}
