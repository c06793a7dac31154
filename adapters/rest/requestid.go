package rest

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"net/http"
)

// mostRequestID is the most bytes of a request id that Roster takes over.
const mostRequestID = 128

// requestID returns the id that a request brings, if it is fit for a header and
// a log line, else a new one.
func requestID(header http.Header) string {
	if given := header["X-Request-Id"]; len(given) == 1 && saneID(given[0]) {
		return given[0]
	}
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], rand.Uint64()) //nolint:gosec // it names a log line, it guards nothing
	var text [16]byte
	hex.Encode(text[:], raw[:])
	return string(text[:])
}

func saneID(id string) bool {
	if id == "" || len(id) > mostRequestID {
		return false
	}
	for i := range len(id) {
		switch c := id[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '-' || c == '_' || c == '.' || c == ':':
		default:
			return false
		}
	}
	return true
}

// answeredID returns the id of the request that w answers. It lives in the
// answer's header, which every handler has, rather than in a copied context.
func answeredID(w http.ResponseWriter) string {
	if id := w.Header()["X-Request-Id"]; len(id) == 1 {
		return id[0]
	}
	return ""
}
