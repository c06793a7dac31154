package rest

import (
	"crypto/sha256"
	"net/http"
	"strings"

	"github.com/roster-directory/roster/ports"
)

// mostKey is the most characters of an Idempotency-Key.
const mostKey = 255

// idempotencyKey is the header Idempotency-Key
// (draft-ietf-httpapi-idempotency-key-header-07), and a digest of the request
// that it came with.
type idempotencyKey struct {
	key         string
	fingerprint [sha256.Size]byte
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
	if !ok || key == "" || len(key) > mostKey || strings.ContainsFunc(key, isHidden) || given[0][0] != '"' && strings.Contains(key, `"`) {
		return &problem{
			kind: kindKey, detail: `Idempotency-Key: is not one key; send 1 to 255 visible characters of ASCII, as in "8e03978e-40d5"`,
			faults: []fault{{parameter: "Idempotency-Key", detail: "is not one key", fix: "send 1 to 255 visible characters of ASCII"}},
		}
	}
	k.key = key
	return nil
}

func isHidden(r rune) bool { return r < '!' || r > '~' }

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

// seal takes down what the key stands for. Without a key it does nothing.
func (k *idempotencyKey) seal(r *http.Request, body []byte) {
	if k == nil || k.key == "" {
		return
	}
	digest := sha256.New()
	for _, part := range []string{r.Method, r.URL.Path, strings.Join(r.Header["If-Match"], ",")} {
		_, _ = digest.Write([]byte(part + "\x00"))
	}
	_, _ = digest.Write(body)
	digest.Sum(k.fingerprint[:0])
}

// command is what the store has to know of the key; nil without one.
func (k *idempotencyKey) command(operation string) *ports.Idempotency {
	if k.key == "" {
		return nil
	}
	return &ports.Idempotency{Operation: operation, Key: k.key, Fingerprint: k.fingerprint}
}
