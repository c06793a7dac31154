package sample

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// subject keeps the draws for one kind of thing apart from those for another.
type subject uint64

const (
	drawUser subject = iota + 1
	drawAffiliation
	drawOrganization
	drawEvent
)

// draw is what chance gives one thing. It uses whole numbers only, which are
// alike on every machine.
type draw struct{ *rand.PCG }

// draw returns what chance gives thing i. Neighbours are mixed well apart.
func (d *directory) draw(s subject, i int) draw {
	return draw{rand.NewPCG(mixed(d.options.Seed^uint64(s)<<56), mixed(uint64(i)))}
}

// mixed is the finalizer of SplitMix64.
func mixed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// below returns a number from 0 to n-1.
func (r draw) below(n int) int {
	high, _ := bits.Mul64(r.Uint64(), uint64(n))
	return int(high)
}

// chance reports true in percent of a hundred draws.
func (r draw) chance(percent int) bool { return r.below(100) < percent }

// skewed returns a number from 0 to n-1, the small ones far more often: the
// product of three even draws.
func (r draw) skewed(n int) int {
	x := r.Uint64()
	for range 2 {
		x, _ = bits.Mul64(x, r.Uint64())
	}
	high, _ := bits.Mul64(x, uint64(n))
	return int(high)
}

// id returns a UUID of version 7 whose time is the moment given, in
// milliseconds since 1970.
func (r draw) id(milliseconds int64) [16]byte {
	var id [16]byte
	binary.BigEndian.PutUint64(id[8:], r.Uint64()>>2|2<<62)
	binary.BigEndian.PutUint64(id[:8], uint64(milliseconds)<<16|7<<12|r.Uint64()>>52)
	return id
}

func pick[T any](r draw, from []T) T { return from[r.below(len(from))] }

// shuffled gives each of 0 to n-1 another place, so that what comes first does
// not come first in everything. The factor is a prime above any n.
func shuffled(i, n int) int {
	high, low := bits.Mul64(uint64(i), 0x7fffffffffffffe7)
	_, rest := bits.Div64(high%uint64(n), low, uint64(n))
	return int(rest)
}

// place returns the organization whose share holds a draw.
func (d *directory) place(r draw) int {
	at := uint64(r.below(int(d.upTo[len(d.upTo)-1])))
	i, found := slices.BinarySearch(d.upTo, at)
	if found {
		i++
	}
	return i
}
