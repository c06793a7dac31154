package oidc

import (
	"encoding/base64"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxToken is the size of the largest token that is looked at, in bytes.
const maxToken = 16 << 10

// parts are the decoded parts of a token.
type parts struct {
	header    header
	claims    map[string]any
	signed    string // the text that the signature is over
	signature []byte
}

// header are the parameters of a JOSE header that matter. Those that name or hold a
// key, other than kid, are left out on purpose.
type header struct {
	Algorithm string         `json:"alg"`
	KeyID     string         `json:"kid"`
	Type      string         `json:"typ"`
	Critical  jsontext.Value `json:"crit"`
}

func tooLarge() *refusal {
	return refuse("has more than 16 KiB", "have the provider put less into its tokens")
}

// split decodes a token. JSON with a repeated name or invalid UTF-8 is refused, since
// two readers may understand it differently.
func split(token string) (parts, *refusal) {
	const fix = "send the access token as the provider issued it"
	texts := strings.Split(token, ".")
	if len(texts) == 5 {
		return parts{}, refuse("is encrypted", "have the provider issue signed tokens (JWS)")
	}
	if len(texts) != 3 {
		return parts{}, refuse("is no JSON Web Token of three parts", "send an API key, or a JWT access token; opaque tokens are not understood")
	}
	var decoded [3][]byte
	for i, text := range texts {
		raw, ok := decode(text)
		if !ok || len(raw) == 0 && i < 2 {
			return parts{}, refuse("has a part that is not base64url", fix)
		}
		decoded[i] = raw
	}
	p := parts{signed: token[:len(token)-len(texts[2])-1], signature: decoded[2]}
	if json.Unmarshal(decoded[0], &p.header) != nil {
		return parts{}, refuse("has a malformed header", fix)
	}
	if json.Unmarshal(decoded[1], &p.claims) != nil || p.claims == nil {
		return parts{}, refuse("has malformed claims: they are no JSON object with unique names", fix)
	}
	return p, nil
}

var base64url = base64.RawURLEncoding.Strict()

// decode reads base64url without padding. Line breaks, which package base64 skips,
// are refused.
func decode(text string) ([]byte, bool) {
	if strings.ContainsAny(text, "\r\n") {
		return nil, false
	}
	raw, err := base64url.DecodeString(text)
	return raw, err == nil
}
