//sqlcheck:allow what there is to ask for, on a database of the benchmark's own

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"time"
)

// loads are what clients ask for, one after the other. The last is a mix: of
// 100 requests 40 get, 15 list, 12 create, 12 replace, 6 delete and 15 search.
var loads = []struct {
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

// loadBench measures how many requests are answered.
func loadBench(ctx context.Context, program string, users, events, clients int, each time.Duration, only string) (err error) {
	b, err := open(ctx, program, sampled(program, users, events))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	people, err := b.directory(ctx)
	if err != nil {
		return err
	}
	address, err := url.Parse(b.url)
	if err != nil {
		return err
	}
	fmt.Printf("%d users, %d clients, %s each; client, server and PostgreSQL on one machine:\n\n| requests | req/s | P50 ms | P99 ms |\n|---|---|---|---|\n", users, clients, each)
	for i, load := range loads {
		if only != "" && only != load.name {
			continue
		}
		began := time.Now()
		took, err := drive(ctx, clients, each, func(client int) (*caller, error) {
			seed := uint64(i*clients + client) //nolint:gosec // not negative
			t := &traffic{people: people, random: rand.New(rand.NewPCG(1, seed)), name: fmt.Sprintf("n%dx%d", i, client)}
			return call(ctx, address.Host, func() string { return load.next(t) })
		})
		if err != nil {
			return fmt.Errorf("%s: %w", load.name, err)
		}
		fmt.Printf("| %s | %.0f | %.2f | %.2f |\n", load.name, float64(len(took))/time.Since(began).Seconds(), took.at(0.5), took.at(0.99))
	}
	return nil
}

// drive has clients ask for a time, and returns how long each answer took.
func drive(ctx context.Context, clients int, each time.Duration, dial func(client int) (*caller, error)) (times, error) {
	ctx, cancel := context.WithTimeout(ctx, each)
	defer cancel()
	all, faults := make([]times, clients), make([]error, clients)
	var asking sync.WaitGroup
	for i := range clients {
		asking.Go(func() {
			c, err := dial(i)
			if err != nil {
				faults[i] = err
				return
			}
			for ctx.Err() == nil && faults[i] == nil {
				var took time.Duration
				took, faults[i] = c.ask()
				all[i] = append(all[i], took)
			}
			faults[i] = errors.Join(faults[i], c.conn.Close())
		})
	}
	asking.Wait()
	var together times
	for _, one := range all {
		together = append(together, one...)
	}
	return together, errors.Join(faults...)
}

// somebody is a user who was taken in.
type somebody struct{ id, username string }

// directory is who there is to ask for.
func (b *bench) directory(ctx context.Context) ([]somebody, error) {
	rows, err := b.conn.Query(ctx, "SELECT id::text, username FROM roster.users ORDER BY id LIMIT 50000")
	if err != nil {
		return nil, err
	}
	var all []somebody
	for rows.Next() {
		var s somebody
		if err := rows.Scan(&s.id, &s.username); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// traffic makes one client's requests up.
type traffic struct {
	people []somebody
	random *rand.Rand
	name   string
	n      int
}

func (t *traffic) anybody() somebody { return t.people[t.random.IntN(len(t.people))] }

func (t *traffic) get() string    { return request("GET", "/users/"+t.anybody().id, "") }
func (t *traffic) list() string   { return request("GET", "/users", "") }
func (t *traffic) remove() string { return request("DELETE", "/users/"+t.anybody().id, "") }

func (t *traffic) search() string {
	return request("POST", "/users/search", `{"term":"`+t.anybody().username+`"}`)
}

func (t *traffic) create() string  { return request("POST", "/users", t.names()) }
func (t *traffic) replace() string { return request("PUT", "/users/"+t.anybody().id, t.names()) }

// names are those of nobody yet.
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
