//sqlcheck:allow statements of the benchmark, on its own database

package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// plainJoin is the report as one join of the five tables.
const plainJoin = `
	SELECT o.id, o.name, p.code, count(DISTINCT m.user_id), count(DISTINCT e.user_id), count(e.id), max(e.occurred_at)
	FROM roster.organizations o
	JOIN roster.plans p ON p.code = o.plan
	JOIN roster.memberships m ON m.organization_id = o.id
	JOIN roster.users u ON u.id = m.user_id AND u.deleted_at IS NULL
	LEFT JOIN roster.events e ON e.user_id = u.id AND e.organization_id = o.id AND e.occurred_at >= $1 AND e.occurred_at < $2
	GROUP BY o.id, o.name, p.code
	ORDER BY count(e.id) DESC, o.id LIMIT 50`

// reportBench measures reports, the ingestion of events, and reports with a long
// history of events.
func reportBench(ctx context.Context, program string, users, events int) (err error) {
	b, err := open(ctx, program, sampled(program, users, events))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	var last time.Time
	if err := b.conn.QueryRow(ctx, "SELECT date_trunc('day', max(occurred_at), 'UTC') FROM roster.events").Scan(&last); err != nil {
		return err
	}
	from := last.UTC().AddDate(0, 0, -14)
	fmt.Printf("%d users, %d events; one client over HTTP, milliseconds:\n\n| report | P50 | P99 |\n|---|---|---|\n", users, events)
	joined, err := b.statement(ctx, 10, plainJoin, from, from.AddDate(0, 0, 7))
	if err != nil {
		return err
	}
	fmt.Printf("| a week, as a plain join in PostgreSQL alone | %.1f | %.1f |\n", joined.at(0.5), joined.at(0.99))
	if err := b.reports(ctx, from); err != nil {
		return err
	}
	if err := b.ingest(ctx); err != nil {
		return err
	}
	return b.history(ctx, from, events)
}

// sampled returns a function that generates a data set.
func sampled(program string, users, events int) func(context.Context, string) error {
	return func(ctx context.Context, folder string) error {
		b := &bench{program: program}
		return b.run(ctx, "sample", folder, "--users", strconv.Itoa(users), "--events", strconv.Itoa(events))
	}
}

func window(from, to time.Time) string {
	return "/reports/engagement?from=" + from.Format(time.RFC3339) + "&to=" + to.Format(time.RFC3339)
}

func (b *bench) reports(ctx context.Context, from time.Time) error {
	week := window(from, from.AddDate(0, 0, 7))
	for _, each := range []struct{ name, path string }{
		{"a week", week},
		{"a week, from 9 to 9 o'clock", window(from.Add(9*time.Hour), from.AddDate(0, 0, 7).Add(9*time.Hour))},
		{"four weeks", window(from.AddDate(0, 0, -21), from.AddDate(0, 0, 7))},
		{"a year", window(from.AddDate(-1, 0, 0), from)},
		{"a week, by members who were active", week + "&sort=-active_members"},
		{"a week, a plan", week + "&plan=team"},
		{"a week a day, in UTC", week + "&bucket=day"},
		{"a week a day, in New York", week + "&bucket=day&time_zone=America/New_York"},
		{"a week, of owners", week + "&role=owner"},
	} {
		took, err := repeat(50, func() (time.Duration, error) { return b.send(ctx, "GET", each.path, nil, nil) })
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %.1f | %.1f |\n", each.name, took.at(0.5), took.at(0.99))
	}
	return nil
}

type event struct {
	ID             string    `json:"id"`
	OrganizationID string    `json:"organization_id"`
	UserID         string    `json:"user_id"`
	Kind           string    `json:"kind"`
	OccurredAt     time.Time `json:"occurred_at"`
}

const (
	batch     = 1000
	senders   = 2
	ingestFor = 10 * time.Second
)

// ingest sends batches of events of the current time, for random members.
func (b *bench) ingest(ctx context.Context) error {
	members, err := b.members(ctx, 100_000)
	if err != nil {
		return err
	}
	var all sync.WaitGroup
	var faults [senders]error
	var sent [senders]int
	start := time.Now()
	for i := range senders {
		all.Go(func() {
			for n := 0; time.Since(start) < ingestFor && faults[i] == nil; n++ {
				events := make([]event, batch)
				for j := range events {
					m := members[(n*senders*batch+i*batch+j)*7919%len(members)]
					at := time.Now().Add(-time.Duration(j) * time.Millisecond)
					events[j] = event{uuid.NewString(), m.OrganizationID, m.UserID, "login", at}
				}
				_, faults[i] = b.send(ctx, "POST", "/events", map[string]any{"events": events}, nil)
				sent[i] += batch
			}
		})
	}
	all.Wait()
	took := time.Since(start)
	if err := errors.Join(faults[:]...); err != nil {
		return err
	}
	rate := float64(sent[0]+sent[1]) / took.Seconds()
	fmt.Printf("\n`POST /events` in batches of %d by %d senders: %.0f events/s.\n", batch, senders, rate)
	return nil
}

type member struct{ OrganizationID, UserID string }

func (b *bench) members(ctx context.Context, n int) ([]member, error) {
	rows, err := b.conn.Query(ctx, `SELECT m.organization_id::text, m.user_id::text FROM roster.memberships m
		JOIN roster.users u ON u.id = m.user_id WHERE u.deleted_at IS NULL ORDER BY md5(m.user_id::text) LIMIT $1`, n)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[member])
}

// history compares a week's report before and after ten times as many events are
// added outside of the week.
func (b *bench) history(ctx context.Context, from time.Time, events int) error {
	path := window(from, from.AddDate(0, 0, 7))
	report := func() (time.Duration, error) { return b.send(ctx, "GET", path, nil, nil) }
	before, err := repeat(100, report)
	if err != nil {
		return err
	}
	note("adding ten times the events in the years before")
	if _, err := b.conn.Exec(ctx, `SELECT roster.ensure_event_partitions(ARRAY(
		SELECT generate_series($1::timestamptz - interval '5 years', $1, interval '1 month')))`, from); err != nil {
		return err
	}
	for part := range 10 {
		_, err := b.conn.Exec(ctx, `INSERT INTO roster.events (id, organization_id, user_id, kind, occurred_at)
			SELECT gen_random_uuid(), m.organization_id, m.user_id, 'login',
				$1::timestamptz - interval '1 day' * (20 + 1700 * random())
			FROM (SELECT m.organization_id, m.user_id FROM roster.memberships m
					JOIN roster.users u ON u.id = m.user_id WHERE u.deleted_at IS NULL ORDER BY random()) m,
				generate_series(1, 1 + $2::int / (SELECT count(*) FROM roster.memberships)::int) LIMIT $2`, from, events)
		if err != nil {
			return err
		}
		note("%d0%%", part+1)
	}
	if _, err := b.conn.Exec(ctx, "VACUUM ANALYZE"); err != nil {
		return err
	}
	after, err := repeat(100, report)
	if err != nil {
		return err
	}
	fmt.Printf("\nA week's report: P50 %.2f ms; with %d more events outside of it: %.2f ms (%+.0f%%).\n",
		before.at(0.5), 10*events, after.at(0.5), 100*(after.at(0.5)/before.at(0.5)-1))
	return nil
}
