package domain

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"hash/crc32"
	"math/bits"
	"strings"
)

// APIToken is the text by which a program proves that it has an API key:
//
//	roster_<id>_<secret><checksum>
//
// id is the key's id, 22 digits in base 62 (0-9, A-Z, a-z); secret is 43 random
// digits, some 256 bits; checksum is the CRC-32 (IEEE) of all before it, in 6
// digits. The prefix lets scanners find leaked tokens; the checksum refuses typing
// errors without a look at the database.
type APIToken struct {
	ID     APIKeyID
	Secret string
}

const (
	apiTokenPrefix = "roster_"
	idDigits       = 22
	secretDigits   = 43
	checksumDigits = 6
	apiTokenLength = len(apiTokenPrefix) + idDigits + 1 + secretDigits + checksumDigits

	base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// NewAPIToken makes the token of a key from random bytes: random fills its
// argument with them.
func NewAPIToken(id APIKeyID, random func([]byte)) APIToken {
	secret, pool := make([]byte, 0, secretDigits), make([]byte, 64)
	for len(secret) < secretDigits {
		random(pool)
		for _, b := range pool {
			// 248 is the largest multiple of 62 in a byte: each digit is as likely.
			if b < 248 && len(secret) < secretDigits {
				secret = append(secret, base62[b%62])
			}
		}
	}
	return APIToken{ID: id, Secret: string(secret)}
}

// IsAPIToken reports whether a text is meant as an APIToken.
func IsAPIToken(text string) bool { return strings.HasPrefix(text, apiTokenPrefix) }

// ParseAPIToken reads a token. The error is Unauthenticated and shows nothing of
// the text.
func ParseAPIToken(text string) (APIToken, error) {
	malformed := func(what string) (APIToken, error) {
		return APIToken{}, unauthenticated("the API key "+what, "send it as it was shown when it was made")
	}
	if !IsAPIToken(text) || len(text) != apiTokenLength {
		return malformed("has the wrong prefix or length")
	}
	body := text[:len(text)-checksumDigits]
	if string(appendChecksum(make([]byte, 0, checksumDigits), body)) != text[len(body):] {
		return malformed("has a typing error: its checksum is wrong")
	}
	id, secret := body[len(apiTokenPrefix):len(apiTokenPrefix)+idDigits], body[len(body)-secretDigits:]
	token := APIToken{Secret: secret}
	if body[len(body)-secretDigits-1] != '_' || !token.readID(id) || strings.Trim(secret, base62) != "" {
		return malformed("is malformed")
	}
	return token, nil
}

// String returns the token's text, a secret.
func (t APIToken) String() string {
	b := append(make([]byte, 0, apiTokenLength), apiTokenPrefix...)
	b = append(t.appendID(b), '_')
	b = append(b, t.Secret...)
	return string(appendChecksum(b, string(b)))
}

// Hash is what is stored of the secret. SHA-256 is enough for 256 random bits,
// which nobody can guess.
func (t APIToken) Hash() [32]byte { return sha256.Sum256([]byte(t.Secret)) }

// Matches reports whether hash is that of the token's secret, in constant time.
func (t APIToken) Matches(hash [32]byte) bool {
	own := t.Hash()
	return subtle.ConstantTimeCompare(own[:], hash[:]) == 1
}

func (t APIToken) appendID(b []byte) []byte {
	high, low := binary.BigEndian.Uint64(t.ID[:8]), binary.BigEndian.Uint64(t.ID[8:])
	var digits [idDigits]byte
	for i := idDigits - 1; i >= 0; i-- {
		var rest uint64
		high, rest = high/62, high%62
		low, rest = bits.Div64(rest, low, 62)
		digits[i] = base62[rest]
	}
	return append(b, digits[:]...)
}

// readID returns false where text is no number of 128 bits.
func (t *APIToken) readID(text string) bool {
	var high, low uint64
	for i := range len(text) {
		digit := strings.IndexByte(base62, text[i])
		over, h := bits.Mul64(high, 62)
		carry, l := bits.Mul64(low, 62)
		var c uint64
		l, c = bits.Add64(l, uint64(max(digit, 0)), 0)
		h, c = bits.Add64(h, carry, c)
		if digit < 0 || over != 0 || c != 0 {
			return false
		}
		high, low = h, l
	}
	binary.BigEndian.PutUint64(t.ID[:8], high)
	binary.BigEndian.PutUint64(t.ID[8:], low)
	return true
}

func appendChecksum(b []byte, text string) []byte {
	var digits [checksumDigits]byte
	sum := crc32.ChecksumIEEE([]byte(text))
	for i := checksumDigits - 1; i >= 0; i-- {
		digits[i] = base62[sum%62]
		sum /= 62
	}
	return append(b, digits[:]...)
}
