package app

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

const (
	// pollEvery is how often the end of the log is read while somebody follows: changes
	// of other processes are not signalled.
	pollEvery = 200 * time.Millisecond
	// Between two reads is minTailPause, and tailPausePerFollower more for each
	// follower, up to maxTailPause: what wakes many is worth doing less often.
	minTailPause         = 10 * time.Millisecond
	maxTailPause         = 150 * time.Millisecond
	tailPausePerFollower = 150 * time.Microsecond
	// After maxIdlePolls without a follower, each after idlePoll, the reader ends. Who
	// reads page by page is no follower between two pages.
	maxIdlePolls = 2
	idlePoll     = 50 * time.Millisecond
	// maxTailEntries is how many entries are kept for followers. Those that are further
	// behind read for themselves, so that none is waited for.
	maxTailEntries = 4096
	// maxOwnReads is how many followers read for themselves at a time.
	maxOwnReads = 2
	// maxFollowers is the most followers of a process.
	maxFollowers = 4096
	// tailTimeout is how long one read of the end may take.
	tailTimeout = 10 * time.Second
)

// logTail keeps the newest entries of the log for all followers of the process. One
// goroutine reads them while somebody follows. Entries are only added behind the last, as
// ports.LogFollower promises. So a follower at or after `from` misses nothing.
type logTail struct {
	store LogSource
	own   chan struct{}
	// closed ends the reader, ended waits for its end.
	closed chan struct{}
	ended  sync.WaitGroup

	mu        sync.RWMutex
	followers int
	running   bool
	// valid is whether from, next and entries mean something.
	valid bool
	// from is the position before the first entry, next the one after the last.
	from, next ports.LogPosition
	entries    []ports.FollowedEntry
	// changed is closed when there is something new.
	changed chan struct{}
}

func newLogTail(store LogSource) *logTail {
	return &logTail{store: store, own: make(chan struct{}, maxOwnReads), closed: make(chan struct{}), changed: make(chan struct{})}
}

// close ends the reader, and waits for its end. Nobody may follow.
func (t *logTail) close() {
	close(t.closed)
	t.ended.Wait()
}

// join counts a follower, and starts the reader for the first one.
func (t *logTail) join(ctx context.Context) (leave func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.followers >= maxFollowers {
		return func() {}, &domain.Error{
			Kind: domain.Unavailable, Reason: domain.ReasonOverloaded,
			Detail: "as many follow the log as the server allows at a time", Fix: "try again later",
		}
	}
	t.followers++
	if !t.running {
		t.running = true
		ctx = context.WithoutCancel(ctx)
		t.ended.Go(func() { t.run(ctx) })
	}
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.followers--
	}, nil
}

// read returns a page after a position, from what is kept or from the store, and what is
// closed when there may be more.
func (t *logTail) read(ctx context.Context, after *ports.LogPosition) (ports.Followed, <-chan struct{}, error) {
	page, changed, kept := t.kept(after)
	if kept {
		return page, changed, nil
	}
	select {
	case t.own <- struct{}{}:
	case <-ctx.Done():
		return page, nil, ctx.Err()
	}
	defer func() { <-t.own }()
	page, err := t.store.FollowLog(ctx, ports.FollowLog{After: after, Limit: maxPage})
	return page, changed, err
}

func (t *logTail) kept(after *ports.LogPosition) (page ports.Followed, changed <-chan struct{}, kept bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if !t.valid || after == nil || after.Timeline != t.next.Timeline || comparePositions(*after, t.from) < 0 {
		return page, t.changed, false
	}
	first, found := slices.BinarySearchFunc(t.entries, *after, func(e ports.FollowedEntry, at ports.LogPosition) int {
		return comparePositions(e.At, at)
	})
	if found {
		first++
	}
	page.Next = *after
	if rest := t.entries[first:]; len(rest) > maxPage.Int() {
		page.Entries = slices.Clip(rest[:maxPage.Int()])
		page.Next = page.Entries[len(page.Entries)-1].At
	} else if comparePositions(t.next, *after) > 0 {
		page.Entries = slices.Clip(rest)
		page.Next = t.next
	}
	return page, t.changed, true
}

func comparePositions(a, b ports.LogPosition) int {
	return cmp.Or(cmp.Compare(a.Change, b.Change), cmp.Compare(a.Number, b.Number))
}

// run reads the end of the log until nobody has followed for a while.
func (t *logTail) run(ctx context.Context) {
	poll := time.NewTimer(0)
	defer poll.Stop()
	for idle := 0; ; {
		more := t.advance(ctx)
		pause, stopped := t.pause(&idle)
		switch {
		case stopped:
			return
		case more:
			continue
		}
		time.Sleep(pause)
		if poll.Reset(pollEvery); idle > 0 {
			poll.Reset(idlePoll)
		}
		select {
		case <-t.store.LogWritten():
		case <-poll.C:
		case <-t.closed:
			return
		}
	}
}

// pause is how long to wait before the next read. The reader stops where it has been idle.
func (t *logTail) pause(idle *int) (pause time.Duration, stopped bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if *idle++; t.followers > 0 {
		*idle = 0
	}
	if *idle > maxIdlePolls {
		t.running, t.valid, t.entries = false, false, nil
		return 0, true
	}
	return min(minTailPause+time.Duration(t.followers)*tailPausePerFollower, maxTailPause), false
}

// advance reads a page, and reports whether there are more. After a failure the next
// read tries again; followers go on to wait.
func (t *logTail) advance(ctx context.Context) (more bool) {
	ctx, cancel := context.WithTimeout(ctx, tailTimeout)
	defer cancel()
	t.mu.Lock()
	valid, at := t.valid, t.next
	t.mu.Unlock()
	if !valid {
		end, err := t.store.LogEnd(ctx)
		if err == nil {
			t.publish(func() { t.valid, t.from, t.next, t.entries = true, end, end, nil })
		}
		return err == nil
	}
	page, err := t.store.FollowLog(ctx, ports.FollowLog{After: &at, Limit: maxPage})
	switch {
	case errors.Is(err, domain.Gone):
		// Followers ask the store, which tells those who have lost entries.
		t.publish(func() { t.valid, t.entries = false, nil })
		return true
	case err != nil:
		return false
	case page.Next.Timeline != at.Timeline:
		// The position may be an earlier one. Followers ask the store where they are.
		t.publish(func() { t.from, t.next, t.entries = page.Next, page.Next, nil })
	case len(page.Entries) > 0:
		t.publish(func() { t.add(page) })
	default:
		t.mu.Lock()
		t.next = page.Next
		t.mu.Unlock()
	}
	return len(page.Entries) == maxPage.Int()
}

// publish changes what is kept, and wakes the followers.
func (t *logTail) publish(change func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	change()
	close(t.changed)
	t.changed = make(chan struct{})
}

// add keeps a page. Followers share the array, so that entries are only added to it, and
// those that are left are copied.
func (t *logTail) add(page ports.Followed) {
	for i := range page.Entries {
		page.Entries[i].Memo = new(ports.Memo)
	}
	t.next = page.Next
	t.entries = append(t.entries, page.Entries...)
	if over := len(t.entries) - maxTailEntries; over > 0 {
		t.from = t.entries[over-1].At
		t.entries = slices.Clone(t.entries[over:])
	}
}
