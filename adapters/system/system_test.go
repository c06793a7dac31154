package system_test

import (
	"bytes"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/system"
)

func TestTheClockShowsTheCurrentTime(t *testing.T) {
	before := time.Now()
	now := system.NewClock().Now()
	if now.Before(before) || now.After(time.Now()) {
		t.Errorf("the clock says %s between %s and %s", now, before, time.Now())
	}
}

func TestIdentifiersAreOfVersion7(t *testing.T) {
	before := time.Now().UnixMilli()
	id := system.NewIDs().NewID()
	after := time.Now().UnixMilli()
	if version, variant := id[6]>>4, id[8]>>6; version != 7 || variant != 0b10 {
		t.Errorf("version %d, variant %b", version, variant)
	}
	var made int64
	for _, octet := range id[:6] {
		made = made<<8 | int64(octet)
	}
	if made < before || made > after {
		t.Errorf("made at %d ms, not between %d and %d", made, before, after)
	}
}

func TestIdentifiersSortInTheOrderOfTheirGeneration(t *testing.T) {
	ids := system.NewIDs()
	made := make([][16]byte, 10_000)
	for i := range made {
		made[i] = ids.NewID()
	}
	if !slices.IsSortedFunc(made, func(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) }) {
		t.Error("they are out of order")
	}
}

func TestIdentifiersNeverRepeat(t *testing.T) {
	const makers, each = 8, 5_000
	ids := system.NewIDs()
	made := make([][][16]byte, makers)
	var all sync.WaitGroup
	for i := range made {
		all.Go(func() {
			for range each {
				made[i] = append(made[i], ids.NewID())
			}
		})
	}
	all.Wait()
	seen := map[[16]byte]bool{}
	for _, some := range made {
		for _, id := range some {
			seen[id] = true
		}
	}
	if len(seen) != makers*each {
		t.Errorf("%d identifiers of %d differ", len(seen), makers*each)
	}
}
