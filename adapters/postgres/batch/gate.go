package batch

import "time"

// Gate limits how many batches run at a time in all batchers that share it. A batcher
// takes a place before it forms a batch, so that requests keep joining while it waits.
// Places are given in the order of arrival.
//
// A batch that runs longer than a place is held gives it back. So a batch that is slow
// or waits for a lock delays the others once, and not for as long as it takes.
type Gate struct {
	places chan struct{}
	hold   time.Duration
}

// NewGate makes a gate with a number of places, each of which a batch holds for at
// most a time. It panics if one of them is not positive.
func NewGate(places int, hold time.Duration) *Gate {
	if places < 1 || hold <= 0 {
		panic("batch: a gate needs places and a time")
	}
	return &Gate{places: make(chan struct{}, places), hold: hold}
}

// pass is what a worker needs to go through a gate. Its memory is reused. The pass of
// no gate lets everybody through.
type pass struct {
	gate *Gate
	// overdue gives the place back when it was held for too long.
	overdue *time.Timer
}

// try takes a place if one is free.
func (p *pass) try() bool {
	if p.gate == nil {
		return true
	}
	select {
	case p.gate.places <- struct{}{}:
		p.start()
		return true
	default:
		return false
	}
}

// enter waits for a place.
func (p *pass) enter() {
	p.gate.places <- struct{}{}
	p.start()
}

func (p *pass) start() {
	if p.overdue == nil {
		p.overdue = time.AfterFunc(p.gate.hold, p.gate.leave)
	} else {
		p.overdue.Reset(p.gate.hold)
	}
}

// leave gives the place back, unless that is done.
func (p *pass) leave() {
	if p.gate != nil && p.overdue.Stop() {
		p.gate.leave()
	}
}

func (g *Gate) leave() { <-g.places }
