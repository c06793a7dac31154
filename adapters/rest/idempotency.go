package rest

import (
	"crypto/sha256"
	"net/http"
	"strings"

	"github.com/roster-directory/roster/app"
)

// maxKey is the most characters of an Idempotency-Key.
const maxKey = 255

// idempotencyKey is the header Idempotency-Key
// (draft-ietf-httpapi-idempotency-key-header-07), and a digest of its request.
type idempotencyKey struct {
	key    string
	digest [sha256.Size]byte
}

// read takes the key from a header: a string as in RFC 9651, or the bare key.
func (k *idempotencyKey) read(header http.Header) error {
	given := header["Idempotency-Key"]
	if len(given) == 0 {
		return nil
	}
	key, ok := given[0], len(given) == 1
	if strings.HasPrefix(key, `"`) {
		plain, quoted := unquote(key)
		key, ok = plain, ok && quoted
	}
	if !ok || key == "" || len(key) > maxKey || strings.ContainsFunc(key, isInvisible) || given[0][0] != '"' && strings.Contains(key, `"`) {
		return &problem{
			kind: kindKey, detail: `Idempotency-Key: is not one key; send 1 to 255 visible characters of ASCII, as in "8e03978e-40d5"`,
			faults: []fault{{parameter: "Idempotency-Key", detail: "is not one key", fix: "send 1 to 255 visible characters of ASCII"}},
		}
	}
	k.key = key
	return nil
}

func isInvisible(r rune) bool { return r < '!' || r > '~' }

// unquote reads a string of RFC 9651.
func unquote(text string) (string, bool) {
	inner, closed := strings.CutSuffix(text[1:], `"`)
	if len(text) < 2 || !closed {
		return "", false
	}
	plain := make([]byte, 0, len(inner))
	for i := 0; i < len(inner); i++ {
		switch c := inner[i]; {
		case c == '"':
			return "", false
		case c == '\\':
			if i++; i == len(inner) || inner[i] != '"' && inner[i] != '\\' {
				return "", false
			}
		}
		plain = append(plain, inner[i])
	}
	return string(plain), true
}

// digestRequest computes the digest of a request and its body, where there is a
// key.
func (k *idempotencyKey) digestRequest(r *http.Request, body []byte) {
	if k == nil || k.key == "" {
		return
	}
	hash := sha256.New()
	for _, part := range []string{r.Method, r.URL.Path, strings.Join(r.Header["If-Match"], ",")} {
		_, _ = hash.Write([]byte(part + "\x00"))
	}
	_, _ = hash.Write(body)
	hash.Sum(k.digest[:0])
}

// forOperation is the key as a use case takes it; nil without one.
func (k *idempotencyKey) forOperation(operation string) *app.Idempotency {
	if k.key == "" {
		return nil
	}
	return &app.Idempotency{Operation: operation, Key: k.key, Fingerprint: k.digest}
}
