package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestProgressIsPlainLinesOffATerminal(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out)
	now := p.printed
	p.now = func() time.Time { return now }
	p.show(step{name: "users", done: 10, total: 100, lines: 1000})
	p.show(step{name: "users", done: 100, total: 100, lines: 2000, storing: true})
	p.show(step{name: "events", done: 50, total: 100, lines: 1000})
	now = now.Add(progressInterval)
	p.show(step{name: "events", done: 60, total: 100, lines: 1500})
	p.end()
	if got, want := out.String(), "users: 2000 lines read, storing\nevents: 1500 lines, 60%\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestProgressIsABarAFileOnATerminal(t *testing.T) {
	var out bytes.Buffer
	p := &progress{out: &out, terminal: true}
	p.show(step{name: "users", done: 100, total: 100, lines: 2000, storing: true})
	p.show(step{name: "events", lines: 1000})
	p.end()
	p.end()
	got := out.String()
	if !strings.Contains(got, "users: storing") || !strings.Contains(got, "events") || strings.Count(got, "\n") < 2 {
		t.Errorf("got %q", got)
	}
}
