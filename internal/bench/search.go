//sqlcheck:allow statements of the benchmark, on its own database

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// repetitions is how often each query is sent to measure its time.
const repetitions = 3

// score is the quality and the speed of the queries of a kind.
type score struct {
	kind        string
	queries     int
	recall, mrr float64
	rows        float64 // read by PostgreSQL
	took        times
}

// add counts a result, whose best hit is the first.
func (s *score) add(q *query, found []string) {
	hits, first := 0, 0
	for i, id := range found {
		if q.right[id] {
			if hits++; first == 0 {
				first = i + 1
			}
		}
	}
	s.queries++
	s.recall += float64(hits) / float64(min(len(q.right), page))
	if first > 0 {
		s.mrr += 1 / float64(first)
	}
}

// page is the number of users of a page.
const page = 20

// searchBench measures the quality and the speed of searches.
func searchBench(ctx context.Context, program string, users, each int) (err error) {
	all := people(users)
	b, err := open(ctx, program, func(_ context.Context, folder string) error { return writePeople(folder, all) },
		// One connection, so that only the searches read rows.
		"ROSTER_POOL_MAX_CONNS=1", "ROSTER_POOL_MIN_IDLE_CONNS=1")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	note("labelling the queries")
	scores, err := b.score(ctx, newLabels(all).queries(each))
	if err != nil {
		return err
	}
	fmt.Printf("%d users, %d queries a kind, each sent %d times by one client over HTTP:\n\n", users, each, repetitions)
	fmt.Print("| kind | recall@20 | MRR | rows read | P50 ms | P99 ms |\n|---|---|---|---|---|---|\n")
	for _, s := range scores {
		n := float64(s.queries)
		fmt.Printf("| %s | %.3f | %.3f | %.0f | %.2f | %.2f |\n", s.kind, s.recall/n, s.mrr/n, s.rows/n, s.took.at(0.5), s.took.at(0.99))
	}
	if err := b.sizes(ctx, users); err != nil {
		return err
	}
	return b.compare(ctx)
}

func writePeople(folder string, all []person) (err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(folder, "users.ndjson"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	out := bufio.NewWriter(file)
	lines := json.NewEncoder(out)
	for i := range all {
		if err := lines.Encode(&all[i]); err != nil {
			return err
		}
	}
	return out.Flush()
}

// score sends the queries kind by kind to see what they find and read. Then it sends
// all of them again, mixed, to measure the times.
func (b *bench) score(ctx context.Context, queries []query) ([]*score, error) {
	var all []*score
	of, kinds := map[string]*score{}, map[string][]*query{}
	for i := range queries {
		q := &queries[i]
		if of[q.kind] == nil {
			of[q.kind] = &score{kind: q.kind}
			all = append(all, of[q.kind])
		}
		kinds[q.kind] = append(kinds[q.kind], q)
	}
	before, err := b.rowsRead(ctx)
	for _, s := range all {
		for _, q := range kinds[s.kind] {
			var found []struct{ ID string }
			if _, err := b.send(ctx, "POST", "/users/search", map[string]string{"term": q.term}, &found); err != nil {
				return nil, err
			}
			ids := make([]string, len(found))
			for i, user := range found {
				ids[i] = user.ID
			}
			s.add(q, ids)
		}
		after, err := b.rowsRead(ctx)
		if err != nil {
			return nil, err
		}
		s.rows, before = after-before, after
	}
	for range repetitions {
		for i := range queries {
			q := &queries[i]
			took, err := b.send(ctx, "POST", "/users/search", map[string]string{"term": q.term}, nil)
			if err != nil {
				return nil, err
			}
			of[q.kind].took = append(of[q.kind].took, took)
		}
	}
	return all, err
}

// rowsRead returns how many rows and index entries PostgreSQL has read. A backend
// reports them at the end of a statement, but at most once a second.
func (b *bench) rowsRead(ctx context.Context) (float64, error) {
	time.Sleep(1100 * time.Millisecond)
	if _, err := b.send(ctx, "GET", "/plans", nil, nil); err != nil {
		return 0, err
	}
	return b.number(ctx, `SELECT (SELECT coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes WHERE schemaname = 'roster')
		+ (SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_user_tables WHERE schemaname = 'roster')`)
}

// sizes prints the size of the search data per user.
func (b *bench) sizes(ctx context.Context, users int) error {
	fmt.Print("\n| what | bytes a user |\n|---|---|\n")
	for _, each := range []struct{ name, text string }{
		{"the list of words with its index (postings)", "SELECT pg_total_relation_size('roster.postings')"},
		{"the words that can be mistyped (vocabulary)", "SELECT pg_total_relation_size('roster.vocabulary')"},
		{"the words in the user's own row (users.search)", "SELECT sum(pg_column_size(search)) FROM roster.users"},
	} {
		size, err := b.number(ctx, each.text)
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %.0f |\n", each.name, size/float64(users))
	}
	return nil
}

// compare measures Roster and two plain ways to search in PostgreSQL.
func (b *bench) compare(ctx context.Context) error {
	for _, text := range []string{
		"CREATE TABLE public.plain AS SELECT id, username, email, display_name, created_at FROM roster.users",
		`ALTER TABLE public.plain ADD COLUMN document tsvector GENERATED ALWAYS AS (to_tsvector('simple',
			display_name || ' ' || translate(username, '._-', '   ') || ' ' || translate(email, '@._-', '    '))) STORED`,
		"CREATE INDEX ON public.plain USING gin (document)", "VACUUM ANALYZE public.plain",
	} {
		if _, err := b.conn.Exec(ctx, text); err != nil {
			return err
		}
	}
	fmt.Print("\nThe newest or best 20 for one word, milliseconds at the median " +
		"(for Roster over HTTP, for the others in PostgreSQL alone):\n\n" +
		"| word | matches | sequential scan (ILIKE) | GIN, ranked | Roster |\n|---|---|---|---|---|\n")
	for _, word := range []string{"kowalski", "turing", "mary", "ada"} {
		matches, err := b.number(ctx, "SELECT count(*) FROM public.plain WHERE document @@ plainto_tsquery('simple', $1)", word)
		if err != nil {
			return err
		}
		scan, err := b.statement(ctx, 20, `SELECT * FROM public.plain WHERE display_name ILIKE $1 OR email ILIKE $1
			ORDER BY created_at DESC LIMIT 20`, "%"+word+"%")
		if err != nil {
			return err
		}
		gin, err := b.statement(ctx, 20, `SELECT *, ts_rank(document, q) FROM public.plain, plainto_tsquery('simple', $1) q
			WHERE document @@ q ORDER BY ts_rank(document, q) DESC, created_at DESC LIMIT 20`, word)
		if err != nil {
			return err
		}
		own, err := repeat(50, func() (time.Duration, error) {
			return b.send(ctx, "POST", "/users/search", map[string]string{"term": word}, nil)
		})
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %.0f | %.1f | %.1f | %.2f |\n", word, matches, scan.at(0.5), gin.at(0.5), own.at(0.5))
	}
	return nil
}
