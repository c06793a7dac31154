//sqlcheck:allow statements of the benchmark, on its own database

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// erasure is the state of an erasure, as Roster shows it.
type erasure struct {
	State      string           `json:"state"`
	StartedAt  time.Time        `json:"started_at"`
	FinishedAt time.Time        `json:"finished_at"`
	Rows       map[string]int64 `json:"rows"`
}

const largeOrganization = "00000000-0000-7000-8000-00000000000f"

// erasureBench measures the mix of requests without and with an erasure of a user with
// many events, and then a deletion of an organization of which all users are members.
func erasureBench(ctx context.Context, program string, users, events, clients int, each time.Duration) (err error) {
	b, err := open(ctx, program, sampled(program, users, users))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	people, err := b.users(ctx)
	if err != nil {
		return err
	}
	n := &neighbourhood{bench: b, clients: clients, each: each, offended: people[:1], people: people[1:]}
	if err := n.addErased(ctx, events); err != nil {
		return err
	}
	fmt.Printf("%d users, %d clients, %s each; client, server and PostgreSQL on one machine:\n\n", users, clients, each)
	fmt.Print("| offender | others | P50 ms without | with | P99 ms without | with | P99 × |\n|---|---|---|---|---|---|---|\n")
	erased := "/users/" + n.offended[0].ID
	for _, o := range []struct{ name, method, path, state string }{
		{fmt.Sprintf("an erasure of a user with %d events", events), http.MethodPost, erased + "/erase", erased + "/erasure"},
		{
			fmt.Sprintf("a deletion of an organization with %d members", users), http.MethodDelete,
			"/organizations/" + largeOrganization, "/organizations/" + largeOrganization + "/erasure",
		},
	} {
		start := func(ctx context.Context, n *neighbourhood) (func() error, error) {
			return func() error { return n.showErasure(ctx, o.state) }, n.beginErasure(ctx, o.method, o.path)
		}
		if err := n.compareKind(ctx, offender{name: o.name, start: start}, "mix", (*traffic).mixed); err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}
		if err := n.awaitErasure(ctx, o.state); err != nil {
			return err
		}
	}
	return nil
}

// addErased adds what will be erased.
func (n *neighbourhood) addErased(ctx context.Context, events int) error {
	id := n.offended[0].ID
	for _, statement := range []string{
		"DELETE FROM roster.memberships WHERE user_id = '" + id + "' AND role = 'owner'",
		"INSERT INTO roster.organizations SELECT '" + largeOrganization + "', 'Large', 'large', code, now()" +
			" FROM roster.plans WHERE seats IS NULL LIMIT 1",
		"INSERT INTO roster.memberships SELECT '" + largeOrganization + "', id, 'member', now() FROM roster.users",
		"SELECT roster.ensure_event_partitions(ARRAY(SELECT '2024-01-15Z'::timestamptz + n * interval '1 month' FROM generate_series(0, 23) n))",
		fmt.Sprintf(`INSERT INTO roster.events
			SELECT gen_random_uuid(), '%s', '%s', 'login', '2024-01-01Z'::timestamptz + n * (interval '720 days' / %d),
			'{"from": "somewhere"}' FROM generate_series(1, %d) n`, largeOrganization, id, events, events),
		"VACUUM ANALYZE",
	} {
		if _, err := n.conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%.60s…: %w", statement, err)
		}
	}
	return nil
}

// beginErasure sends the request, which must be answered at once.
func (n *neighbourhood) beginErasure(ctx context.Context, method, path string) error {
	request, err := http.NewRequestWithContext(ctx, method, n.url+path, http.NoBody)
	if err != nil {
		return err
	}
	began := time.Now()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	fmt.Printf("%s %s: %s after %s\n", method, path, response.Status, time.Since(began).Round(time.Millisecond))
	return response.Body.Close()
}

// showErasure says how far an erasure is.
func (n *neighbourhood) showErasure(ctx context.Context, path string) error {
	var state erasure
	_, err := n.send(ctx, http.MethodGet, path, nil, &state)
	if err == nil {
		fmt.Printf("after the measurement it is %s: %v\n", state.State, state.Rows)
	}
	return err
}

// awaitErasure waits for the end of an erasure.
func (n *neighbourhood) awaitErasure(ctx context.Context, path string) error {
	for {
		var state erasure
		if _, err := n.send(ctx, http.MethodGet, path, nil, &state); err != nil {
			return err
		}
		if state.State == "finished" {
			fmt.Printf("finished after %s: %v\n", state.FinishedAt.Sub(state.StartedAt).Round(time.Second), state.Rows)
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}
