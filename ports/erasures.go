package ports

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/roster-directory/roster/domain"
)

// Erasure is the state of an erasure of a user, or of a deletion of an
// organization. It begins with the command, from when on nothing of the user or
// organization is found, listed or counted. What is stored goes in parts.
type Erasure struct {
	ID ErasureID
	// Kind is "user" or "organization", Subject its id.
	Kind    string
	Subject string

	StartedAt time.Time
	// FinishedAt is when nothing remained; zero before.
	FinishedAt time.Time
	// Rows are how many rows were removed so far, by table; of the events of a user,
	// how many were unlinked. A store without tables names what tables would hold.
	Rows map[string]int64
}

// ErasureID identifies an erasure: an id may be erased several times.
type ErasureID = domain.ID[Erasure]

// Finished reports whether nothing is left.
func (e Erasure) Finished() bool { return !e.FinishedAt.IsZero() }

// Seal is a digest of a finished erasure: who has noted it can tell later whether the
// state is still the one that was shown. It is empty before the end. docs/operations.md
// describes what is digested, so that others can compute it.
func (e Erasure) Seal() string {
	if !e.Finished() {
		return ""
	}
	var b strings.Builder
	for _, line := range []string{
		"roster erasure 1", e.ID.String(), e.Kind, e.Subject, sealedTime(e.StartedAt), sealedTime(e.FinishedAt),
	} {
		fmt.Fprintln(&b, line)
	}
	for _, table := range slices.Sorted(maps.Keys(e.Rows)) {
		fmt.Fprintln(&b, table, e.Rows[table])
	}
	digest := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(digest[:])
}

// sealedTime writes a time as responses do.
func sealedTime(t time.Time) string { return domain.Instant(t).Format(time.RFC3339Nano) }
