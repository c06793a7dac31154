package rest

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"net/http"

	"github.com/roster-directory/roster/ports"
)

// maxRequestID is the most bytes of a request id that Roster accepts.
const maxRequestID = 128

// requestID returns the id that a request brings, if it is safe in a header and
// a log line, else a new one.
func requestID(header http.Header) string {
	if given := header["X-Request-Id"]; len(given) == 1 && isSafeID(given[0]) {
		return given[0]
	}
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], rand.Uint64())
	var text [16]byte
	hex.Encode(text[:], raw[:])
	return string(text[:])
}

func isSafeID(id string) bool {
	if id == "" || len(id) > maxRequestID {
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

// responseID returns the id of the request that w answers. Every handler has the
// response's header, so that no context has to be copied to carry the id.
func responseID(w http.ResponseWriter) string {
	if id := w.Header()["X-Request-Id"]; len(id) == 1 {
		return id[0]
	}
	return ""
}

// changing is the context of a request that may change the directory: the log knows the
// request by its id.
func changing(w http.ResponseWriter, r *http.Request) context.Context {
	return ports.WithOrigin(r.Context(), ports.Origin{Request: responseID(w)})
}
