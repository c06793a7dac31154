package app_test

import (
	"context"
	"sync"

	"github.com/roster-directory/roster/ports"
)

// logStore is a log in memory.
type logStore struct {
	mu       sync.Mutex
	timeline [16]byte
	entries  []ports.FollowedEntry
	reads    int
	err      error
	written  chan struct{}
}

func newLogStore() *logStore { return &logStore{written: make(chan struct{}, 1)} }

// add adds entries, and tells of them unless another process has made the changes.
func (s *logStore) add(tell bool, entries ...ports.FollowedEntry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range entries {
		n := int64(len(s.entries) + 1)
		e.At = ports.LogPosition{Change: uint64(n), Number: n, Timeline: s.timeline, Seen: uint64(n)}
		e.Entry.Number = n
		s.entries = append(s.entries, e)
	}
	if tell {
		select {
		case s.written <- struct{}{}:
		default:
		}
	}
}

func (s *logStore) FollowLog(_ context.Context, in ports.FollowLog) (ports.Followed, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	if s.err != nil {
		return ports.Followed{}, s.err
	}
	first := 0
	if in.After != nil {
		if in.After.Timeline != s.timeline {
			return ports.Followed{}, ports.LostLog()
		}
		first = int(in.After.Number)
	}
	page := s.entries[first:min(first+in.Limit.Int(), len(s.entries))]
	next := ports.LogPosition{Timeline: s.timeline, Number: int64(first), Change: uint64(first)}
	if len(page) > 0 {
		next = page[len(page)-1].At
	}
	return ports.Followed{Entries: append([]ports.FollowedEntry(nil), page...), Next: next}, nil
}

func (s *logStore) LogEnd(context.Context) (ports.LogPosition, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.entries)
	return ports.LogPosition{Change: uint64(n), Number: int64(n), Timeline: s.timeline}, s.err
}

func (s *logStore) LogWritten() <-chan struct{} { return s.written }

func (s *logStore) readsSoFar() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads
}
