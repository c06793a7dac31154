package rest

import (
	"context"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/roster-directory/roster/domain"
)

// position is a place in a list: the values by which it is ordered. Those that
// the order does not use are zero. A list of changes has its own use of them
// (positionOfChange).
type position struct {
	at  time.Time
	key string
	id  [16]byte
}

// positionOf is the position of an item in an order of the domain.
func positionOf[T any](p domain.Position[T]) *position {
	return &position{at: p.At, key: p.Key, id: p.ID}
}

// cursors signs and encrypts positions. A client can keep a cursor, but neither
// read nor change it, nor use it for another query than its own.
type cursors struct {
	secret func(context.Context) ([]byte, error)
	cipher atomic.Pointer[cipher.AEAD]
}

// open reads the cursor of a query; without one the result is nil. The error is
// a fault of the parameter, or that of the secret.
func (c *cursors) open(ctx context.Context, query fingerprint, cursor string) (*position, error) {
	if cursor == "" {
		return nil, nil
	}
	aead, err := c.aead(ctx)
	if err != nil {
		return nil, err
	}
	text, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(text) < aead.NonceSize() {
		return nil, badCursor()
	}
	nonce, encrypted := text[:aead.NonceSize()], text[aead.NonceSize():]
	plain, err := aead.Open(encrypted[:0], nonce, encrypted, query)
	if err != nil || len(plain) < positionSize {
		return nil, badCursor()
	}
	return decodePosition(plain), nil
}

// appendCursor appends the cursor of a position, for a query, to b.
func (c *cursors) appendCursor(ctx context.Context, b []byte, query fingerprint, at *position) ([]byte, error) {
	aead, err := c.aead(ctx)
	if err != nil {
		return nil, err
	}
	nonceSize := aead.NonceSize()
	text := make([]byte, nonceSize, nonceSize+positionSize+len(at.key)+aead.Overhead())
	_, _ = rand.Read(text) // it never fails
	text = at.append(text)
	encrypted := aead.Seal(text[nonceSize:nonceSize], text[:nonceSize], text[nonceSize:], query)
	return base64.RawURLEncoding.AppendEncode(b, text[:nonceSize+len(encrypted)]), nil
}

// aead returns the cipher. It asks for the secret until it has it once.
func (c *cursors) aead(ctx context.Context) (cipher.AEAD, error) {
	if known := c.cipher.Load(); known != nil {
		return *known, nil
	}
	secret, err := c.secret(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the secret that encrypts cursors: %w", err)
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "roster: cursors of lists", chacha20poly1305.KeySize)
	if err != nil {
		return nil, fmt.Errorf("deriving the key of cursors: %w", err)
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("making the cipher of cursors: %w", err)
	}
	c.cipher.Store(&aead)
	return aead, nil
}

// positionSize is the least size of an encoded position: a time and an id.
const positionSize = 8 + 16

// append appends the encoded position to b.
func (p *position) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(p.at.UnixMicro()))
	b = append(b, p.id[:]...)
	return append(b, p.key...)
}

func decodePosition(b []byte) *position {
	micros := int64(binary.BigEndian.Uint64(b)) //nolint:gosec // the bits of an int64, from append
	return &position{at: time.UnixMicro(micros).UTC(), id: [16]byte(b[8:positionSize]), key: string(b[positionSize:])}
}

func badCursor() error {
	return invalidParameter("cursor", domain.ReasonSyntax, "is not a cursor of this query",
		"follow Link as it is, with the same other parameters, or leave the cursor out to start again")
}
