package sample

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// subject is a kind of records. Each has its own random numbers.
type subject uint64

const (
	drawUser subject = iota + 1
	drawAffiliation
	drawOrganization
	drawEvent
)

// draw is the random numbers of one record. They are whole numbers, which are equal
// on every machine.
type draw struct{ *rand.PCG }

// draw returns the random numbers of record i.
func (d *directory) draw(s subject, i int) draw {
	return draw{rand.NewPCG(mixed(d.options.Seed^uint64(s)<<56), mixed(uint64(i)))} //nolint:gosec // i is not negative
}

// mixed is the finalizer of SplitMix64, so that neighbours have unlike numbers.
func mixed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// below returns a number from 0 to n-1.
func (r draw) below(n int) int { return scaled(r.Uint64(), n) }

// scaled maps a number of 64 bits to one from 0 to n-1.
func scaled(x uint64, n int) int {
	high, _ := bits.Mul64(x, uint64(n)) //nolint:gosec // n is not negative
	return int(high)                    //nolint:gosec // it is less than n
}

// chance returns true with a probability in percent.
func (r draw) chance(percent int) bool { return r.below(100) < percent }

// skewed returns a number from 0 to n-1. Small ones are far more frequent: it is the
// product of three random numbers.
func (r draw) skewed(n int) int {
	x := r.Uint64()
	for range 2 {
		x, _ = bits.Mul64(x, r.Uint64())
	}
	return scaled(x, n)
}

// id returns a UUID of version 7 with a time in milliseconds since 1970.
func (r draw) id(milliseconds int64) [16]byte {
	var id [16]byte
	binary.BigEndian.PutUint64(id[8:], r.Uint64()>>2|2<<62)
	binary.BigEndian.PutUint64(id[:8], uint64(milliseconds)<<16|7<<12|r.Uint64()>>52) //nolint:gosec // it is positive
	return id
}

func pick[T any](r draw, from []T) T { return from[r.below(len(from))] }

// shuffled maps each of 0 to n-1 to another one, so that the first in one order are
// not the first in another. The factor is a prime above any n.
func shuffled(i, n int) int {
	const factor = 0x7fffffffffffffe7
	return i * (factor % n) % n
}

// pickOrganization returns an organization, with a probability by its share.
func (d *directory) pickOrganization(r draw) int {
	at := r.below(d.shares[len(d.shares)-1])
	i, found := slices.BinarySearch(d.shares, at)
	if found {
		i++
	}
	return i
}
