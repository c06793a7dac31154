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
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/roster-directory/roster/domain"
)

// position is a place in a list: the values by which it is ordered, of which
// those that don't matter are zero. A change's number is a position's at, in
// microseconds.
type position struct {
	at  time.Time
	key string
	id  [16]byte
}

// placed is a place in a list of things that have an order of their own.
func placed[T any](p domain.Position[T]) *position { return &position{at: p.At, key: p.Key, id: p.ID} }

// cursors seals positions, so that a client can keep one, and neither read nor
// change it, nor use it with another question than the one it came with.
type cursors struct {
	secret func(context.Context) ([]byte, error)
	sealer atomic.Pointer[cipher.AEAD]
}

// questionOf names what is asked: the operation and all that chooses and orders
// its answer, one way of writing each.
func questionOf(operation string, filters ...string) []byte {
	return []byte(operation + "\x00" + strings.Join(filters, "\x00"))
}

// open reads the cursor that a client sent for a question; without one the
// result is nil. The error is a fault of the parameter, or that of the secret.
func (c *cursors) open(ctx context.Context, question []byte, cursor string) (*position, error) {
	if cursor == "" {
		return nil, nil //nolint:nilnil // no cursor is no fault
	}
	sealer, err := c.aead(ctx)
	if err != nil {
		return nil, err
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(sealed) < sealer.NonceSize() {
		return nil, badCursor()
	}
	nonce, sealed := sealed[:sealer.NonceSize()], sealed[sealer.NonceSize():]
	plain, err := sealer.Open(sealed[:0], nonce, sealed, question)
	if err != nil || len(plain) < positionSize {
		return nil, badCursor()
	}
	return decodePosition(plain), nil
}

// appendCursor appends the cursor of a position, for a question, to b.
func (c *cursors) appendCursor(ctx context.Context, b, question []byte, at *position) ([]byte, error) {
	sealer, err := c.aead(ctx)
	if err != nil {
		return nil, err
	}
	nonceSize := sealer.NonceSize()
	text := make([]byte, nonceSize, nonceSize+positionSize+len(at.key)+sealer.Overhead())
	_, _ = rand.Read(text) // it never fails
	text = at.append(text)
	sealed := sealer.Seal(text[nonceSize:nonceSize], text[:nonceSize], text[nonceSize:], question)
	return base64.RawURLEncoding.AppendEncode(b, text[:nonceSize+len(sealed)]), nil
}

// aead returns the cipher. The secret is asked for until it is there once.
func (c *cursors) aead(ctx context.Context) (cipher.AEAD, error) {
	if known := c.sealer.Load(); known != nil {
		return *known, nil
	}
	secret, err := c.secret(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the secret that seals cursors: %w", err)
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "roster: cursors of lists", chacha20poly1305.KeySize)
	if err != nil {
		return nil, fmt.Errorf("deriving the key of cursors: %w", err)
	}
	sealer, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("making the cipher of cursors: %w", err)
	}
	c.sealer.Store(&sealer)
	return sealer, nil
}

// positionSize is the least size of an encoded position: a time and an id.
const positionSize = 8 + 16

// append appends the encoded position to b.
func (p *position) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(p.at.UnixMicro())) //nolint:gosec // the bits of it
	b = append(b, p.id[:]...)
	return append(b, p.key...)
}

func decodePosition(b []byte) *position {
	micros := int64(binary.BigEndian.Uint64(b)) //nolint:gosec // the bits of it
	return &position{at: time.UnixMicro(micros).UTC(), id: [16]byte(b[8:positionSize]), key: string(b[positionSize:])}
}

func badCursor() error {
	return inParameter(&domain.Error{
		Kind: domain.Invalid, Reason: domain.ReasonSyntax, Field: "cursor", Detail: "is not a cursor of this question",
		Fix: "follow Link as it was given, with the other parameters as they were, or begin anew without a cursor",
	})
}
