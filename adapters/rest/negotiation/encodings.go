package negotiation

import "strings"

// Encodings are the content encodings that a client accepts, of those that
// Roster sends; Identity is a response as it is.
type Encodings struct{ Gzip, Identity bool }

// ReadEncodings reads the values of Accept-Encoding (RFC 9110, section 12.5.3).
// A client accepts gzip if it names it and does not prefer identity.
func ReadEncodings(values []string) Encodings {
	if len(values) == 0 || len(values) == 1 && values[0] == "identity" {
		return Encodings{Identity: true}
	}
	if len(values) == 1 && values[0] == "gzip" {
		return Encodings{Gzip: true, Identity: true}
	}
	const absent = -1
	gzip, identity, others := absent, absent, absent
	for entry := range entries(values) {
		switch strings.ToLower(entry.name) {
		case "gzip", "x-gzip":
			gzip = max(gzip, entry.weight)
		case "identity":
			identity = max(identity, entry.weight)
		case "*":
			others = max(others, entry.weight)
		}
	}
	if gzip == absent {
		gzip = others
	}
	if identity == absent && others == 0 {
		identity = 0
	}
	return Encodings{Gzip: gzip > 0 && gzip >= identity, Identity: identity != 0}
}
