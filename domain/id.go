package domain

import (
	"bytes"
	"encoding/hex"
)

// ID identifies one T. It is a UUID (RFC 9562): of version 7 if Roster made it,
// of any version if it was imported. IDs of different types don't mix.
type ID[T any] [16]byte

type (
	// UserID identifies a user.
	UserID = ID[User]
	// OrganizationID identifies an organization.
	OrganizationID = ID[Organization]
	// EventID identifies an event, together with its time.
	EventID = ID[Event]
)

// ParseID reads a UUID in its hyphenated form of 36 characters, in either case.
// The error is Invalid and names field.
func ParseID[T any](field, text string) (ID[T], error) {
	var id ID[T]
	compact := make([]byte, 0, 32)
	for i := range len(text) {
		hyphen := i == 8 || i == 13 || i == 18 || i == 23
		if hyphen != (text[i] == '-') || i >= 36 {
			return ID[T]{}, badID(field, text)
		}
		if !hyphen {
			compact = append(compact, text[i])
		}
	}
	if len(compact) != 32 {
		return ID[T]{}, badID(field, text)
	}
	if _, err := hex.Decode(id[:], compact); err != nil {
		return ID[T]{}, badID(field, text)
	}
	return id, nil
}

func badID(field, text string) error {
	return invalid(ReasonSyntax, field, "send a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057", "%s is not a UUID", quote(text))
}

// AppendText appends the canonical form, lower case with hyphens.
func (id ID[T]) AppendText(b []byte) []byte {
	const digits = "0123456789abcdef"
	for i, octet := range id {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			b = append(b, '-')
		}
		b = append(b, digits[octet>>4], digits[octet&15])
	}
	return b
}

// String returns the canonical form.
func (id ID[T]) String() string { return string(id.AppendText(make([]byte, 0, 36))) }

// IsZero reports whether the ID is unset.
func (id ID[T]) IsZero() bool { return id == ID[T]{} }

// Compare orders IDs by their bytes. For version 7, that is the order of creation.
func (id ID[T]) Compare(other ID[T]) int { return bytes.Compare(id[:], other[:]) }
