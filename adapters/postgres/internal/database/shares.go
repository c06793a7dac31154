package database

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// shares lets each class use its share of the connections. Requests of classes that
// share connections are admitted in the order of their arrival.
type shares struct {
	// timeout limits how long a request waits for its share; less than 0 is no limit.
	timeout time.Duration
	leave   [numClasses]func() // made once, so that entering allocates nothing

	mu       sync.Mutex
	division division
	used     [numClasses]int       // by class
	waiting  [numClasses]list.List // of *arrival, by class
	arrivals int64
}

// arrival is a request that waits for its share.
type arrival struct {
	number   int64
	admitted chan struct{}
}

func newShares(connections int, timeout time.Duration) *shares {
	s := &shares{timeout: timeout, division: divide(connections)}
	for class := range numClasses {
		s.leave[class] = func() { s.release(class) }
	}
	return s
}

// resize divides another number of connections. Those in use beyond the new shares
// stay in use until they are left.
func (s *shares) resize(connections int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.division = divide(connections)
	for class := range numClasses {
		s.admit(s.division.group[class])
	}
}

// of is how many connections a class may use at a time.
func (s *shares) of(class Class) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.division.of(class)
}

// inUse is how many connections a class uses.
func (s *shares) inUse(class Class) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.used[class]
}

// queued is how many requests wait for their share of a class.
func (s *shares) queued(class Class) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.waiting[class].Len()
}

// scarce reports whether a class uses more than half of its share.
func (s *shares) scarce(class Class) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return 2*s.used[class] > s.division.of(class)
}

// enter waits until its class may use one more connection. After that, leave of the
// class must be called.
func (s *shares) enter(ctx context.Context, class Class) error {
	s.mu.Lock()
	group := s.division.group[class]
	if s.hasRoom(group) && s.next(group) == numClasses {
		s.used[class]++
		s.mu.Unlock()
		return nil
	}
	if s.waiting[class].Len() >= maxWaiting {
		s.mu.Unlock()
		return class.busy()
	}
	s.arrivals++
	a := &arrival{number: s.arrivals, admitted: make(chan struct{})}
	place := s.waiting[class].PushBack(a)
	s.mu.Unlock()

	var timedOut <-chan time.Time
	if s.timeout >= 0 {
		timer := time.NewTimer(min(s.timeout, traits[class].wait))
		defer timer.Stop()
		timedOut = timer.C
	}
	select {
	case <-a.admitted:
		return nil
	case <-ctx.Done():
		return s.giveUp(class, a, place, ctx.Err())
	case <-timedOut:
		return s.giveUp(class, a, place, class.busy())
	}
}

// giveUp takes a request out of its queue, for a reason, unless it is admitted by now.
func (s *shares) giveUp(class Class, a *arrival, place *list.Element, reason error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-a.admitted:
		return nil
	default:
		s.waiting[class].Remove(place)
		return reason
	}
}

func (s *shares) release(class Class) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used[class]--
	s.admit(s.division.group[class])
}

// hasRoom reports whether a group has a connection that is not in use. The caller
// holds mu, here and below.
func (s *shares) hasRoom(group int) bool {
	used := 0
	for class, each := range s.division.group {
		if each == group {
			used += s.used[class]
		}
	}
	return used < s.division.size[group]
}

// next is the class whose request has waited longest in a group, numClasses if none
// waits.
func (s *shares) next(group int) Class {
	first, number := numClasses, int64(0)
	for class := range numClasses {
		if front := s.waiting[class].Front(); front != nil && s.division.group[class] == group {
			if a, _ := front.Value.(*arrival); first == numClasses || a.number < number {
				first, number = class, a.number
			}
		}
	}
	return first
}

// admit lets requests of a group go on, as far as it has room.
func (s *shares) admit(group int) {
	for s.hasRoom(group) {
		class := s.next(group)
		if class == numClasses {
			return
		}
		queue := &s.waiting[class]
		if a, ok := queue.Remove(queue.Front()).(*arrival); ok {
			s.used[class]++
			close(a.admitted)
		}
	}
}
