package app

import (
	"context"
	"sync"
	"time"

	"github.com/roster-directory/roster/ports"
)

// tailPause is how often the end of the log is read while somebody waits for it.
const tailPause = 100 * time.Millisecond

// tail tells those who follow the log that it has moved. However many wait, the end is
// read once a pause; while nobody waits, not at all.
type tail struct {
	end func(context.Context) (ports.LogPosition, error)

	mu       sync.Mutex
	watchers int
	moved    chan struct{} // closed when the end has moved
}

func newTail(end func(context.Context) (ports.LogPosition, error)) *tail {
	return &tail{end: end, moved: make(chan struct{})}
}

// watch returns a channel that is closed when the log has moved after the call, or may
// have. The caller leaves when it no longer waits.
func (t *tail) watch() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.watchers++; t.watchers == 1 {
		go t.run()
	}
	return t.moved
}

func (t *tail) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.watchers--
}

// run reads the end until nobody watches. What it can't read, it takes for moved: the
// watchers get the error when they read.
func (t *tail) run() {
	var last ports.LogPosition
	known := false
	for {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		end, err := t.end(ctx)
		cancel()
		t.mu.Lock()
		if err != nil || !known || end.Change != last.Change || end.Number != last.Number || end.Timeline != last.Timeline {
			close(t.moved)
			t.moved = make(chan struct{})
		}
		last, known = end, err == nil
		if t.watchers == 0 {
			t.mu.Unlock()
			return
		}
		t.mu.Unlock()
		time.Sleep(tailPause)
	}
}
