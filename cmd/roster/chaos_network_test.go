package main

import (
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// disturbance is what happens to the connections to the database.
type disturbance struct {
	begin func(p *toxiproxy) (end func())
	// quiet is whether requests are answered meanwhile, if slowly.
	quiet bool
	lasts time.Duration
}

var disturbances = map[string]disturbance{
	"connections are slow": {
		begin: func(p *toxiproxy) func() {
			return p.disturb("latency", "downstream", map[string]int{"latency": 20, "jitter": 15})
		},
		quiet: true, lasts: 10 * time.Second,
	},
	"bytes arrive a few at a time": {
		begin: func(p *toxiproxy) func() {
			return p.disturb("slicer", "downstream", map[string]int{"average_size": 40, "size_variation": 30, "delay": 100})
		},
		quiet: true, lasts: 10 * time.Second,
	},
	"connections are reset": {
		begin: func(p *toxiproxy) func() {
			return p.disturb("reset_peer", "downstream", map[string]int{"timeout": 0})
		},
		lasts: 5 * time.Second,
	},
	"connections end within a response": {
		begin: func(p *toxiproxy) func() {
			return p.disturb("limit_data", "downstream", map[string]int{"bytes": 700})
		},
		lasts: 5 * time.Second,
	},
	"connections are refused": {begin: (*toxiproxy).refuse, lasts: 5 * time.Second},
	"connections are silent": {
		begin: func(p *toxiproxy) func() {
			return p.disturb("timeout", "upstream", map[string]int{"timeout": 0})
		},
		lasts: 20 * time.Second,
	},
}

func TestChaosOfTheNetwork(t *testing.T) {
	for name, d := range disturbances {
		t.Run(name, func(t *testing.T) {
			parallelIfShort(t)
			server := pgtest.StartServer(t, onLoopback, durably)
			p := startToxiproxy(t, server)
			c := newChaos(t, server, p.through)
			f := fault{start: func(*chaos) func() { return d.begin(p) }, during: untilUnready, lasts: d.lasts}
			if d.quiet {
				f.during = succeeds
			}
			c.meet(f)
		})
	}
}

// succeeds requires that requests succeed during the fault.
func succeeds(c *chaos, _ *watch) {
	for range 20 {
		if got, err := c.create(); err != nil || got.status != 201 {
			c.t.Errorf("a write during the fault: %v, %d: %s", err, got.status, got.body)
		}
	}
}
