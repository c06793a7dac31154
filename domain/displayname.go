package domain

// DisplayName is the name of a user that people see: any script, NFC, 1 to 200
// code points, of which one is visible, no control characters.
type DisplayName struct{ text string }

// ParseDisplayName reads a display name and normalizes it to NFC. The error is
// Invalid and names "display_name".
func ParseDisplayName(text string) (DisplayName, error) {
	text, err := freeText("display_name", text, 200)
	return DisplayName{text}, err
}

// String returns the name.
func (d DisplayName) String() string { return d.text }

// IsZero reports whether the name is unset.
func (d DisplayName) IsZero() bool { return d.text == "" }
