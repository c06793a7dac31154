package domain

// Username is a user's unique handle: ASCII [A-Za-z0-9][A-Za-z0-9._-]{0,63}.
type Username struct{ text string }

// ParseUsername reads a username. The error is Invalid and names "username".
func ParseUsername(text string) (Username, error) {
	const fix = "use 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-', starting with a letter or digit"
	err := token("username", text, 64, fix, isAlnum, func(c byte) bool {
		return isAlnum(c) || c == '.' || c == '_' || c == '-'
	})
	if err != nil {
		return Username{}, err
	}
	return Username{text}, nil
}

// String returns the username in its own case.
func (u Username) String() string { return u.text }

// Key returns the form that must be unique: ASCII letters in lower case.
func (u Username) Key() string { return fold(u.text) }

// ExternalID is the name of a user in another system: 1 to 255 code points, no
// control characters, one visible character, unique among users that are not deleted.
type ExternalID struct{ text string }

// ParseExternalID reads an external id. The error is Invalid and names "external_id".
func ParseExternalID(text string) (ExternalID, error) {
	text, err := freeText("external_id", text, 255)
	return ExternalID{text}, err
}

// String returns the external id.
func (e ExternalID) String() string { return e.text }

// IsZero reports whether the user has no external id.
func (e ExternalID) IsZero() bool { return e.text == "" }
