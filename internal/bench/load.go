//sqlcheck:allow statements of the benchmark, on its own database

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// workloads are the requests that are measured one after the other. The last is a
// mix: of 100 requests 40 get, 15 list, 12 create, 12 replace, 6 delete and 15 search.
var workloads = []struct {
	name string
	next func(*traffic) string
}{
	{"get", (*traffic).get},
	{"list", (*traffic).list},
	{"search", (*traffic).search},
	{"create", (*traffic).create},
	{"replace", (*traffic).replace},
	{"the mix", (*traffic).mixed},
}

// loadBench measures the throughput and the latency of requests.
func loadBench(ctx context.Context, program string, users, events, clients int, each time.Duration, only string) (err error) {
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
	fmt.Printf("%d users, %d clients, %s each; client, server and PostgreSQL on one machine:\n\n", users, clients, each)
	fmt.Print("| requests | req/s | P50 ms | P99 ms |\n|---|---|---|---|\n")
	for i, load := range workloads {
		if only != "" && only != load.name {
			continue
		}
		start := time.Now()
		took, err := runClients(ctx, clients, each, func(n int) (*client, error) {
			seed := uint64(i*clients + n) //nolint:gosec // it is not negative
			t := &traffic{people: people, random: rand.New(rand.NewPCG(1, seed)), name: fmt.Sprintf("n%dx%d", i, n)}
			return dial(ctx, address.Host, func() string { return load.next(t) })
		})
		if err != nil {
			return fmt.Errorf("%s: %w", load.name, err)
		}
		rate := float64(len(took)) / time.Since(start).Seconds()
		fmt.Printf("| %s | %.0f | %.2f | %.2f |\n", load.name, rate, took.at(0.5), took.at(0.99))
	}
	return nil
}

// runClients runs clients for a time, and returns the time of each response.
func runClients(ctx context.Context, clients int, each time.Duration, dial func(n int) (*client, error)) (times, error) {
	ctx, cancel := context.WithTimeout(ctx, each)
	defer cancel()
	all, faults := make([]times, clients), make([]error, clients)
	var running sync.WaitGroup
	for i := range clients {
		running.Go(func() {
			c, err := dial(i)
			if err != nil {
				faults[i] = err
				return
			}
			for ctx.Err() == nil && faults[i] == nil {
				var took time.Duration
				took, faults[i] = c.send()
				all[i] = append(all[i], took)
			}
			faults[i] = errors.Join(faults[i], c.conn.Close())
		})
	}
	running.Wait()
	return slices.Concat(all...), errors.Join(faults...)
}

// user is an imported user.
type user struct{ ID, Username string }

// users returns the users that requests are about.
func (b *bench) users(ctx context.Context) ([]user, error) {
	rows, err := b.conn.Query(ctx, "SELECT id::text, username FROM roster.users ORDER BY id LIMIT 50000")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[user])
}

// traffic generates the requests of one client.
type traffic struct {
	people []user
	random *rand.Rand
	name   string
	n      int
}

func (t *traffic) anyone() user { return t.people[t.random.IntN(len(t.people))] }

func (t *traffic) get() string    { return request("GET", "/users/"+t.anyone().ID, "") }
func (t *traffic) list() string   { return request("GET", "/users", "") }
func (t *traffic) remove() string { return request("DELETE", "/users/"+t.anyone().ID, "") }

func (t *traffic) search() string {
	return request("POST", "/users/search", `{"term":"`+t.anyone().Username+`"}`)
}

func (t *traffic) create() string  { return request("POST", "/users", t.names()) }
func (t *traffic) replace() string { return request("PUT", "/users/"+t.anyone().ID, t.names()) }

// names returns the JSON of new names.
func (t *traffic) names() string {
	t.n++
	name := fmt.Sprintf("%sx%d", t.name, t.n)
	return `{"username":"` + name + `","email":"` + name + `@example.com"}`
}

func (t *traffic) mixed() string {
	switch n := t.random.IntN(100); {
	case n < 40:
		return t.get()
	case n < 55:
		return t.list()
	case n < 67:
		return t.create()
	case n < 79:
		return t.replace()
	case n < 85:
		return t.remove()
	}
	return t.search()
}

func request(method, path, body string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: localhost\r\n", method, path)
	if body != "" {
		fmt.Fprintf(&b, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	return b.String() + "\r\n" + body
}
