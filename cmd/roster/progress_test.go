package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestProgressIsPlainLinesOffATerminal(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out)
	p.show(step{name: "users", done: 10, of: 100, lines: 1000})
	p.show(step{name: "users", done: 100, of: 100, lines: 2000, storing: true})
	p.show(step{name: "events", done: 50, of: 100, lines: 1000})
	p.printed = p.printed.Add(-2 * progressPause)
	p.show(step{name: "events", done: 60, of: 100, lines: 1500})
	p.end()
	if got, want := out.String(), "users: 2000 lines read, storing\nevents: 1500 lines, 60%\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestProgressIsABarAFileOnATerminal(t *testing.T) {
	var out bytes.Buffer
	p := &progress{out: &out, terminal: true}
	p.show(step{name: "users", done: 100, of: 100, lines: 2000, storing: true})
	p.show(step{name: "events", lines: 1000})
	p.end()
	p.end()
	got := out.String()
	if !strings.Contains(got, "users: storing") || !strings.Contains(got, "events") || strings.Count(got, "\n") < 2 {
		t.Errorf("got %q", got)
	}
}
