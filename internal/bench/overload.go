package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// overloadFactor is how many times the capacity is offered.
	overloadFactor = 10
	// overloadClients is how many connections there are; those that arrive when all wait
	// for a response are not sent, and counted.
	overloadClients = 2_000
	// peakClients send requests one after the other, to find the capacity.
	peakClients = 20
)

// overloads are the requests that are offered, the most expensive first.
var overloads = []struct {
	name string
	next func(*traffic) string
}{
	{"report", (*traffic).report},
	{"list", (*traffic).longList},
	{"search", (*traffic).search},
	{"create", (*traffic).create},
	{"get", (*traffic).get},
}

// report asks for a report of a time that nobody else asks for.
func (t *traffic) report() string {
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(t.random.IntN(1_000_000)) * time.Second)
	const format = "/reports/engagement?from=%s&to=%s"
	return request("GET", fmt.Sprintf(format, from.Format(time.RFC3339), from.AddDate(0, 0, 60).Format(time.RFC3339)), "")
}

// longList asks for a page of users that nobody else asks for.
func (t *traffic) longList() string {
	before := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(t.random.IntN(1_000_000)) * time.Second)
	return request("GET", "/users?limit=200&created_to="+before.Format(time.RFC3339), "")
}

// overloadBench offers more requests than can be answered, whether earlier ones are answered
// or not.
func overloadBench(ctx context.Context, program string, users, events int, each time.Duration, only string) (err error) {
	b, err := open(ctx, program, sampled(program, users, events))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	people, err := b.users(ctx)
	if err != nil {
		return err
	}
	address, err := url.Parse(b.url)
	if err != nil {
		return err
	}
	fmt.Printf("%d users, %s each; clients, server and PostgreSQL on one machine:\n\n", users, each)
	fmt.Print("| requests | peak a second | offered | sent | succeeded | of the peak % | P99 ms | refused | P50 ms | P99 ms |\n" +
		"|---|---|---|---|---|---|---|---|---|---|\n")
	for i, load := range overloads {
		if only != "" && only != load.name {
			continue
		}
		next := func(n int) func() string {
			seed := uint64(i*overloadClients*2 + n) //nolint:gosec // it is not negative
			t := &traffic{people: people, random: rand.New(rand.NewPCG(3, seed)), name: fmt.Sprintf("o%dx%d", i, n)}
			return func() string { return load.next(t) }
		}
		peak, err := findPeak(ctx, each, func(n int) (*client, error) { return dial(ctx, address.Host, next(n)) })
		if err != nil {
			return fmt.Errorf("%s: %w", load.name, err)
		}
		o := &openLoop{rate: peak * overloadFactor, warm: each / 4, each: each}
		if err := o.run(ctx, func(n int) (*client, error) { return dial(ctx, address.Host, next(peakClients+n)) }); err != nil {
			return fmt.Errorf("%s: %w", load.name, err)
		}
		fmt.Printf("| %s | %.0f | %.0f | %s |\n", load.name, peak, o.rate, o.row(peak))
	}
	return nil
}

// findPeak returns how many requests a second succeed for clients that send them one after
// the other.
func findPeak(ctx context.Context, each time.Duration, dial func(n int) (*client, error)) (float64, error) {
	var served atomic.Int64
	_, err := runClients(ctx, peakClients, each, func(n int) (*client, error) {
		c, err := dial(n)
		if err == nil {
			c.any, c.served = true, &served
		}
		return c, err
	})
	return float64(served.Load()) / each.Seconds(), err
}

// openLoop sends requests at fixed times.
type openLoop struct {
	rate       float64       // a second
	warm, each time.Duration // before what is measured, and that

	began  time.Time
	due    chan time.Time // of requests to send
	unsent int

	mu              sync.Mutex
	served, refused times
}

// run sends requests by as many connections as it may, until the time is over.
func (o *openLoop) run(ctx context.Context, dial func(n int) (*client, error)) error {
	clients := make([]*client, overloadClients)
	for n := range clients {
		c, err := dial(n)
		if err != nil {
			return err
		}
		clients[n] = c
		defer func() { _ = c.conn.Close() }() // nothing is under way
	}
	o.due = make(chan time.Time)
	o.began = time.Now()
	faults := make([]error, len(clients))
	var all sync.WaitGroup
	for n, c := range clients {
		all.Go(func() { faults[n] = o.send(c) })
	}
	o.schedule(ctx)
	close(o.due)
	all.Wait()
	return errors.Join(faults...)
}

// schedule lets a connection that is free send each request that is due.
func (o *openLoop) schedule(ctx context.Context) {
	sent := 0
	for ctx.Err() == nil {
		elapsed := time.Since(o.began)
		if elapsed > o.warm+o.each {
			return
		}
		for ; float64(sent) < o.rate*elapsed.Seconds(); sent++ {
			due := o.began.Add(time.Duration(float64(sent) / o.rate * float64(time.Second)))
			select {
			case o.due <- due:
			default:
				if due.Sub(o.began) > o.warm {
					o.unsent++
				}
			}
		}
		time.Sleep(time.Millisecond)
	}
}

func (o *openLoop) send(c *client) error {
	var served, refused times
	for due := range o.due {
		status, err := c.exchange(c.next())
		if err != nil {
			return err
		}
		if due.Sub(o.began) < o.warm {
			continue
		}
		took := time.Since(due)
		switch status[9:12] {
		case "200", "201", "404":
			served = append(served, took)
		case "503":
			refused = append(refused, took)
		default:
			return fmt.Errorf("an unexpected response: %s", status)
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.served, o.refused = slices.Concat(o.served, served), slices.Concat(o.refused, refused)
	return nil
}

// row is what happened, as cells of a table.
func (o *openLoop) row(peak float64) string {
	rate := func(n int) float64 { return float64(n) / o.each.Seconds() }
	text := fmt.Sprintf("%.0f | %.0f | %.0f", rate(len(o.served)+len(o.refused)), rate(len(o.served)), 100*rate(len(o.served))/peak)
	for _, each := range []struct {
		times     times
		quantiles []float64
	}{{o.served, []float64{0.99}}, {o.refused, []float64{0.5, 0.99}}} {
		if len(each.times) == 0 {
			text += " | none"
			continue
		}
		if len(each.quantiles) > 1 {
			text += fmt.Sprintf(" | %.0f", rate(len(each.times)))
		}
		for _, quantile := range each.quantiles {
			text += fmt.Sprintf(" | %.1f", each.times.at(quantile))
		}
	}
	return text
}
