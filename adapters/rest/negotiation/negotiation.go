// Package negotiation reads the headers by which a client and Roster agree on the
// form of bodies: Accept, Accept-Encoding, Content-Type and Prefer.
package negotiation

import (
	"net/http"
	"strings"
)

// NotAcceptableError is the error of a request that accepts no response of its
// operation. Its text is for the client.
type NotAcceptableError struct{ Detail string }

// Error returns the detail.
func (e *NotAcceptableError) Error() string { return e.Detail }

// UnsupportedError is the error of a body that an operation does not read. Its
// text is for the client.
type UnsupportedError struct{ Detail string }

// Error returns the detail.
func (e *UnsupportedError) Error() string { return e.Detail }

// Check returns a NotAcceptableError where a request accepts none of the media
// types that are offered, or no encoding of them. Without offers, it accepts
// the response.
func Check(header http.Header, offers ...string) error {
	if len(offers) == 0 {
		return nil
	}
	if _, ok := Accept(header, offers...); !ok {
		return &NotAcceptableError{"Accept allows no response of this operation, which sends " + strings.Join(offers, " or ")}
	}
	if ReadEncodings(header["Accept-Encoding"]) == (Encodings{}) {
		return &NotAcceptableError{"Accept-Encoding allows neither gzip nor identity"}
	}
	return nil
}
