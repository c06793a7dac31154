package batch

import "time"

// delays bounds how long requests wait, by refusing new ones. A long queue alone is no
// reason: it may be a burst that two batches answer. But if each batch of a while
// begins with a request that has waited for too long, then more arrive than can be
// answered. Then no more may wait than those that are answered in time, so that others
// are refused at once instead of after a long wait. This follows CoDel (RFC 8289), which
// watches the shortest delay of an interval.
//
// Its methods are for callers that hold the batcher's mu.
type delays struct {
	limits Limits
	// room is how many callers may wait.
	room int
	// lateSince is when the first of the last batches began that began late; it is
	// zero after one that did not. taken is the number of callers since then.
	lateSince time.Time
	taken     int
	// grew is when room last became more.
	grew time.Time
	// took is how long batches take, on a sliding average.
	took time.Duration
}

// growthsInDelay bounds how often room becomes more in the tolerated time: those who wait now
// are late only after that time, however many batches begin meanwhile.
const growthsInDelay = 4

// tolerated is how long a request may wait: MaxDelay or, if batches take long, the time
// of a few of them.
func (d *delays) tolerated() time.Duration {
	const batches = 5
	return max(d.limits.MaxDelay, batches*d.took)
}

// begin takes note of a batch of a number of callers, whose first one has waited for a
// time.
func (d *delays) begin(now time.Time, waited time.Duration, callers int) {
	tolerated := d.tolerated()
	late := now.Sub(d.lateSince)
	switch {
	case d.limits.MaxDelay == 0:
	case waited <= tolerated:
		d.lateSince = time.Time{}
		if waited <= tolerated*3/4 && now.Sub(d.grew) >= tolerated/growthsInDelay {
			d.room, d.grew = min(d.room+d.room/32+1, d.limits.MaxWaiting), now
		}
	case d.lateSince.IsZero():
		d.lateSince, d.taken = now, callers
	case late < tolerated:
		d.taken += callers
	default:
		// So many are answered in the tolerated time. The requests of one batch may
		// always wait: they take no longer than one of them.
		inTime := int(float64(d.taken) * float64(tolerated) / float64(late))
		d.room = min(max(inTime, d.limits.MaxRequests), d.limits.MaxWaiting)
		d.lateSince, d.taken = now, callers
	}
}

// end takes note of how long a batch took.
func (d *delays) end(took time.Duration) {
	const weight = 8
	d.took += (took - d.took) / weight
}

// shed refuses the callers that have waited longest, beyond twice those who may wait. Others
// are answered a bit late, since a refusal after a wait helps nobody. The caller holds mu.
func (b *Batcher[K, Q, A]) shed() {
	for q := b.ready.first; q != nil && b.waiting > 2*b.delays.room; q = b.ready.first {
		c := q.calls.first
		b.withdraw(c)
		c.result = Result[A]{Err: ErrFull}
		c.answered <- struct{}{}
	}
}
