package snapshot

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// ErrEdited is the error of a snapshot that is not as it was written.
var ErrEdited = errors.New("it was edited by hand or merged")

// marshal is JSON that leaves <, > and & alone, which SQL is full of.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}

// sealed is v, whose checksum is at sum, with the checksum in place.
func sealed(v any, sum *string) ([]byte, error) {
	*sum = ""
	text, err := marshal(v)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(text)
	*sum = hex.EncodeToString(digest[:16])
	return marshal(v)
}

// unseal reads v and holds it against its checksum.
func unseal(text []byte, v any, sum *string) error {
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%w: %w", ErrEdited, err)
	}
	whole, err := sealed(v, sum)
	if err != nil {
		return err
	}
	if !bytes.Equal(whole, text) {
		return ErrEdited
	}
	return nil
}
