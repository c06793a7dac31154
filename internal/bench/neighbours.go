//sqlcheck:allow statements of the benchmark, on its own database

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// neighbourKinds are the requests of those who have done nothing wrong, measured one
// kind at a time.
var neighbourKinds = []struct {
	name string
	next func(*traffic) string
}{
	{"get", (*traffic).get},
	{"plans", func(*traffic) string { return request("GET", "/plans", "") }},
	{"readiness", func(*traffic) string { return request("GET", "/readyz", "") }},
	{"search", (*traffic).search},
	{"create", (*traffic).create},
	{"replace", (*traffic).replace},
	{"delete", (*traffic).remove},
}

// neighbourBench measures the requests of some clients without and with an offender,
// who waits for locks or asks for much.
func neighbourBench(ctx context.Context, program string, users, clients int, each time.Duration, only string) (err error) {
	b, err := open(ctx, program, sampled(program, users, users))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	people, err := b.users(ctx)
	if err != nil {
		return err
	}
	if err := b.addCommonWord(ctx); err != nil {
		return err
	}
	n := &neighbourhood{bench: b, clients: clients, each: each, offended: people[len(people)-100:], people: people[:len(people)-100]}
	fmt.Printf("%d users, %d clients, %s each; client, server and PostgreSQL on one machine:\n\n", users, clients, each)
	fmt.Print("| offender | others | P50 ms without | with | P99 ms without | with | P99 × |\n|---|---|---|---|---|---|---|\n")
	for _, o := range offenders {
		if only != "" && only != o.name {
			continue
		}
		if err := n.compare(ctx, o); err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}
	}
	return nil
}

// addCommonWord gives a third of the users a word in their names.
func (b *bench) addCommonWord(ctx context.Context) error {
	_, err := b.conn.Exec(ctx, `UPDATE roster.users SET display_name = left(display_name, 100) || ' Bulk'
		WHERE get_byte(uuid_send(id), 15) % 3 = 0`)
	if err == nil {
		_, err = b.conn.Exec(ctx, "VACUUM ANALYZE")
	}
	return err
}

// neighbourhood is clients that are measured, and users that only offenders concern.
type neighbourhood struct {
	*bench
	clients          int
	each             time.Duration
	people, offended []user
	runs             int
}

// compare measures the kinds of requests that an offender may delay.
func (n *neighbourhood) compare(ctx context.Context, o offender) error {
	for _, kind := range neighbourKinds {
		if !o.concerns(kind.name) {
			continue
		}
		if err := n.compareKind(ctx, o, kind.name, kind.next); err != nil {
			return err
		}
	}
	return nil
}

// compareKind measures a kind of requests without and with an offender.
func (n *neighbourhood) compareKind(ctx context.Context, o offender, kind string, next func(*traffic) string) error {
	without, err := n.measure(ctx, next)
	if err != nil {
		return err
	}
	stop, err := o.start(ctx, n)
	if err != nil {
		return err
	}
	time.Sleep(500 * time.Millisecond) // until it has started
	with, err := n.measure(ctx, next)
	if err := errors.Join(err, stop()); err != nil {
		return err
	}
	fmt.Printf("| %s | %s | %.1f | %.1f | %.1f | %.1f | %.1f |\n", o.name, kind,
		without.at(0.5), with.at(0.5), without.at(0.99), with.at(0.99), with.at(0.99)/without.at(0.99))
	return nil
}

func (n *neighbourhood) measure(ctx context.Context, next func(*traffic) string) (times, error) {
	n.runs++
	address, err := url.Parse(n.url)
	if err != nil {
		return nil, err
	}
	return runClients(ctx, n.clients, n.each, func(i int) (*client, error) {
		seed := uint64(n.runs*n.clients + i) //nolint:gosec // it is not negative
		t := &traffic{people: n.people, random: rand.New(rand.NewPCG(2, seed)), name: fmt.Sprintf("r%dx%d", n.runs, i)}
		return dial(ctx, address.Host, func() string { return next(t) })
	})
}

// locking starts a transaction that holds locks, and returns the function that ends it.
func (n *neighbourhood) locking(ctx context.Context, statement string, args ...any) (func() error, error) {
	conn, err := pgx.Connect(ctx, n.database)
	if err != nil {
		return nil, err
	}
	tx, err := conn.Begin(ctx)
	if err == nil {
		_, err = tx.Exec(ctx, statement, args...)
	}
	return func() error { return conn.Close(context.WithoutCancel(ctx)) }, err
}

// repeating has some clients send requests until the function that it returns is
// called. Their responses may be errors.
func (n *neighbourhood) repeating(ctx context.Context, clients int, send func(ctx context.Context, i int)) func() error {
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			for ctx.Err() == nil {
				send(ctx, i)
			}
		})
	}
	return func() error {
		cancel()
		all.Wait()
		return nil
	}
}
