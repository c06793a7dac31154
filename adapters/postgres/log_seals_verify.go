package postgres

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// LogVerified is the result of a verification of the log.
type LogVerified struct {
	// Seals and Entries were verified; Unsealed entries are newer than the last seal.
	Seals, Entries, Unsealed int64
	// Dropped are entries of months that were dropped: their seals hold, and nothing else
	// is left of them.
	Dropped int64
	// Head is the newest seal.
	Head Seal
}

const (
	// sealsAtOnce is how many seals are read at a time.
	sealsAtOnce = 16
	// maxUnsealed is up to how many entries without a seal are counted.
	maxUnsealed = 1_000_000
)

// verification verifies the chain of seals from its beginning.
type verification struct {
	*Seals
	result  LogVerified
	dropped map[string]bool
	through int64
	// expected is a seal that must be in the chain; empty for none.
	expected string
	fault    func(string) error
}

// Verify computes all seals again, and calls fault with each difference from the stored
// ones. The chain must have the expected seal, unless that is empty. Verify stops at an
// error of fault, or of the database.
func (s *Seals) Verify(ctx context.Context, expected string, fault func(string) error) (LogVerified, error) {
	v := &verification{Seals: s, dropped: map[string]bool{}, expected: expected, fault: fault}
	months, err := database.All(ctx, s.pool, logDroppedMonths, sqlcheck.None{}, database.AsIs)
	if err != nil {
		return v.result, err
	}
	for _, each := range months {
		v.dropped[each.Partition] = true
	}
	if err := v.verifyAll(ctx); err != nil {
		return v.result, err
	}
	if v.expected != "" {
		if err := v.tell("the chain has no seal %s", v.expected); err != nil {
			return v.result, err
		}
	}
	unsealed, err := database.Read(ctx, s.pool, func(db sqlcheck.DB) (unsealedRow, error) {
		return logUnsealed.One(ctx, db, afterNumber{v.through, maxUnsealed})
	})
	v.result.Unsealed = unsealed.Entries
	return v.result, err
}

// verifyAll verifies the seals page by page, so that memory does not grow with the log.
func (v *verification) verifyAll(ctx context.Context) error {
	for {
		seals, err := database.All(ctx, v.pool, logSeals, afterNumber{v.result.Head.Number, sealsAtOnce}, database.AsIs)
		if err != nil || len(seals) == 0 {
			return err
		}
		// The page may cut the seals of a range; the next page has all of them.
		if last := seals[len(seals)-1].Through; len(seals) == sealsAtOnce && seals[0].Through != last {
			seals = slices.DeleteFunc(seals, func(each sealRow) bool { return each.Through == last })
		}
		for len(seals) > 0 {
			n := 1
			for n < len(seals) && seals[n].Through == seals[0].Through {
				n++
			}
			if err := v.verifyRange(ctx, seals[:n]); err != nil {
				return err
			}
			seals = seals[n:]
		}
	}
}

// verifyRange verifies the seals of one range of numbers, each of another month.
func (v *verification) verifyRange(ctx context.Context, seals []sealRow) error {
	after := v.through
	if seals[0].Number > v.result.Head.Number+1 {
		after = seals[0].After // the entries of missing seals can't be verified
	}
	sealed := int64(0)
	for _, each := range seals {
		sealed += each.Entries
	}
	limit := int32(min(max(sealed, 0), maxSealed) + maxSealed)
	entries, err := database.All(ctx, v.pool, logSealed, sealedRange{after, seals[0].Through, limit}, database.AsIs)
	if err != nil {
		return err
	}
	byMonth := map[string][]rows.LogEntry{}
	for _, each := range entries {
		month := partitionOfLog(each.At)
		byMonth[month] = append(byMonth[month], each)
	}
	for i := range seals {
		month := partitionOfLog(seals[i].Month)
		if err := errors.Join(v.verifyChain(&seals[i]), v.verifyEntries(&seals[i], byMonth[month])); err != nil {
			return err
		}
		delete(byMonth, month)
	}
	for _, more := range byMonth {
		for i := range more {
			if err := v.tell("entry %d (%s) was added after seal %d", more[i].Number, entryID(&more[i]), seals[0].Number); err != nil {
				return err
			}
		}
	}
	v.through = seals[0].Through
	return nil
}

func (v *verification) tell(format string, args ...any) error {
	return v.fault(fmt.Sprintf(format, args...))
}

// partitionOfLog is the name of the month of a time.
func partitionOfLog(at time.Time) string { return at.UTC().Format("log_2006_01") }

func entryID(e *rows.LogEntry) string { return uuid.UUID(e.ID).String() }

// verifyChain verifies that a seal follows the one before it.
func (v *verification) verifyChain(seal *sealRow) error {
	before, through := v.result.Head, v.through
	v.result.Head = Seal{seal.Number, before.Entries + seal.Entries, seal.Hash}
	v.result.Seals++
	if v.result.Head.String() == v.expected {
		v.expected = ""
	}
	switch first := before.Number + 1; {
	case seal.Number == first+1:
		return v.tell("seal %d is missing", first)
	case seal.Number > first:
		return v.tell("seals %d to %d are missing", first, seal.Number-1)
	case !bytes.Equal(seal.hashAfter(before.Hash), seal.Hash):
		return v.tell("seal %d was changed, or the one before it", seal.Number)
	case seal.After != through:
		return v.tell("seal %d begins after entry %d, and the one before it ends at entry %d", seal.Number, seal.After, through)
	}
	return nil
}

// verifyEntries verifies the entries of a seal.
func (v *verification) verifyEntries(seal *sealRow, entries []rows.LogEntry) error {
	if v.dropped[partitionOfLog(seal.Month)] && len(entries) == 0 {
		v.result.Dropped += seal.Entries
		return nil
	}
	content := sha256.New()
	var leaves []byte
	for i := range entries {
		hash := hashOfEntry(&entries[i])
		_, _ = content.Write(hash[:]) // a hash never fails
		leaves = appendLeaf(leaves, entries[i].Number, hash)
	}
	v.result.Entries += int64(len(entries))
	if bytes.Equal(content.Sum(nil), seal.Content) && bytes.Equal(leaves, seal.Leaves) && int64(len(entries)) == seal.Entries {
		return nil
	}
	return v.explain(seal, entries, leaves)
}

// explain tells which entries differ from those that were sealed, or that the seal does.
func (v *verification) explain(seal *sealRow, entries []rows.LogEntry, leaves []byte) error {
	found := 0
	tell := func(format string, args ...any) error {
		found++
		return v.tell(format, args...)
	}
	was := leafMap(seal.Leaves)
	is := leafMap(leaves)
	for i := range entries {
		number := entries[i].Number
		old, sealed := was[number]
		var err error
		switch {
		case !sealed:
			err = tell("entry %d (%s) was added after seal %d", number, entryID(&entries[i]), seal.Number)
		case old != is[number]:
			err = tell("entry %d (%s) was changed after seal %d", number, entryID(&entries[i]), seal.Number)
		}
		if err != nil {
			return err
		}
	}
	for leaf := range slices.Chunk(seal.Leaves, leafSize) {
		if len(leaf) != leafSize {
			continue
		}
		number := int64(binary.BigEndian.Uint64(leaf)) //nolint:gosec // the bits of a bigint
		if _, left := is[number]; left {
			continue
		}
		if err := tell("entry %d was removed after seal %d", number, seal.Number); err != nil {
			return err
		}
	}
	if found > 0 {
		return nil
	}
	return v.tell("seal %d was changed: its entries are the ones that it describes", seal.Number)
}

func leafMap(leaves []byte) map[int64][leafSize - 8]byte {
	byNumber := map[int64][leafSize - 8]byte{}
	for leaf := range slices.Chunk(leaves, leafSize) {
		if len(leaf) == leafSize {
			byNumber[int64(binary.BigEndian.Uint64(leaf))] = [leafSize - 8]byte(leaf[8:]) //nolint:gosec // the bits of a bigint
		}
	}
	return byNumber
}
