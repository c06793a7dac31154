package postgres

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"hash"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
)

// The hashes are those of migrations/00131_log_seals.sql, computed here a second time, so
// that nobody can hide a change of the log in the functions of the database.

// sealedTexts writes texts to a hash, each after its length. A nil text has the length -1.
type sealedTexts struct{ hash.Hash }

func (h sealedTexts) add(text string) {
	var length [4]byte
	binary.BigEndian.PutUint32(length[:], uint32(len(text))) //nolint:gosec // PostgreSQL's texts are under 1 GiB
	_, _ = h.Write(length[:])                                // a hash never fails
	_, _ = h.Write([]byte(text))
}

func (h sealedTexts) addInt(n int64) { h.add(strconv.FormatInt(n, 10)) }

func (h sealedTexts) addNull() { _, _ = h.Write([]byte{0xff, 0xff, 0xff, 0xff}) }

// hashOfEntry is the hash of all columns but the transaction.
func hashOfEntry(e *rows.LogEntry) [sha256.Size]byte {
	h := sealedTexts{sha256.New()}
	h.addInt(e.Number)
	h.add(uuid.UUID(e.ID).String())
	h.addInt(e.At.UnixMicro())
	h.add(e.Kind)
	h.add(e.Subject)
	if e.Organization == nil {
		h.addNull()
	} else {
		h.add(uuid.UUID(*e.Organization).String())
	}
	if e.Version == nil {
		h.addNull()
	} else {
		h.addInt(*e.Version)
	}
	h.add(fieldsText(e.Fields))
	h.add(e.Actor)
	if e.Request == nil {
		h.addNull()
	} else {
		h.add(*e.Request)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// fieldsText is array_to_json of names of fields.
func fieldsText(fields []string) string {
	if len(fields) == 0 {
		return "[]"
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(fields); err != nil {
		panic(err) // there is no text that JSON can't hold
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// hashAfter is the hash of a seal after the hash of the seal before it.
func (r *sealRow) hashAfter(before []byte) []byte {
	h := sealedTexts{sha256.New()}
	h.add(hex.EncodeToString(before))
	h.addInt(r.Number)
	h.add(r.Month.UTC().Format(time.DateOnly))
	h.addInt(r.After)
	h.addInt(r.Through)
	h.addInt(r.Entries)
	h.addInt(r.SealedAt.UnixMicro())
	h.add(hex.EncodeToString(r.Content))
	return h.Sum(nil)
}

// leafSize is the size of what a seal keeps of an entry: its number, and the beginning of
// its hash.
const leafSize = 16

func appendLeaf(b []byte, number int64, hash [sha256.Size]byte) []byte {
	return append(binary.BigEndian.AppendUint64(b, uint64(number)), hash[:leafSize-8]...) //nolint:gosec // the bits of a bigint
}
