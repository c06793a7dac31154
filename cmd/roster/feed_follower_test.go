package main

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// feedEvent is what the test reads of a CloudEvent.
type feedEvent struct {
	ID, Type, Subject string
	Data              struct{ Version int64 }
}

// feedFollower follows the log by server-sent events, at whichever server answers.
type feedFollower struct {
	*testing.T
	servers []string
	cursor  string

	mu       sync.Mutex
	received map[string]feedEvent // by id: an entry may come again
	order    []feedEvent
}

// follow reads streams until stopped, each from where the last one ended.
func (f *feedFollower) follow(stopped *atomic.Bool) {
	for n := 0; !stopped.Load(); n++ {
		request, err := http.NewRequestWithContext(f.Context(), http.MethodGet, f.servers[n%len(f.servers)]+"/log/feed", nil)
		if err != nil {
			f.Error(err)
			return
		}
		request.Header.Set("Accept", "text/event-stream")
		if f.cursor != "" {
			request.Header.Set("Last-Event-ID", f.cursor)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			continue // the server is down
		}
		if response.StatusCode == http.StatusOK {
			f.read(bufio.NewReader(response.Body))
		} else if response.StatusCode != http.StatusServiceUnavailable {
			f.Errorf("the stream answers %d", response.StatusCode)
		}
		_ = response.Body.Close()
	}
}

// read reads a stream to its end. An event counts when its last line has come.
func (f *feedFollower) read(from *bufio.Reader) {
	var id string
	var event feedEvent
	for {
		line, err := from.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSuffix(line, "\n")
		if value, ok := strings.CutPrefix(line, "id: "); ok {
			id = value
		} else if value, ok := strings.CutPrefix(line, "data: "); ok {
			if err := json.Unmarshal([]byte(value), &event); err != nil {
				f.Errorf("%q: %v", value, err)
			}
		} else if line == "" && id != "" {
			f.take(event)
			f.cursor, id = id, ""
		}
	}
}

func (f *feedFollower) take(event feedEvent) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, known := f.received[event.ID]; !known {
		f.received[event.ID] = event
		f.order = append(f.order, event)
	}
}

func (f *feedFollower) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.received)
}
