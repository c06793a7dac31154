//sqlcheck:allow statements of the benchmark, on its own database

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// offender is work that must not delay that of others.
type offender struct {
	name   string
	others []string // the kinds of requests that it is measured with
	start  func(ctx context.Context, n *neighbourhood) (stop func() error, err error)
}

func (o offender) concerns(kind string) bool { return slices.Contains(o.others, kind) }

var offenders = []offender{
	{"two names that are not committed", []string{"create", "replace", "get"}, uncommittedNames},
	{"two users who are locked", []string{"replace", "delete"}, lockedUsers},
	{"a deletion that takes long", []string{"delete"}, slowDeletion},
	{"a search for a common word without itself", []string{"search", "get"}, costlySearch},
	{"20 exports that are read slowly", []string{"readiness", "plans", "get", "create"}, slowExports},
}

// uncommittedNames has two clients create users whose names another transaction has
// not committed.
func uncommittedNames(ctx context.Context, n *neighbourhood) (func() error, error) {
	prefix := fmt.Sprintf("uncommitted%dx", n.runs) // a creation may succeed when the transaction ends
	end, err := n.locking(ctx, `INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
		SELECT gen_random_uuid(), $1::text || i, $1::text || i || '@example.com', 'X', now(), now() FROM generate_series(0, 1) i`, prefix)
	if err != nil {
		return nil, err
	}
	stop := n.repeating(ctx, 2, func(ctx context.Context, i int) {
		name := prefix + strconv.Itoa(i)
		_, _ = n.send(ctx, "POST", "/users", map[string]string{"username": name, "email": name + "@example.com"}, nil)
	})
	return both(stop, end), nil
}

// lockedUsers has two clients delete, and two replace, users that another transaction
// has locked.
func lockedUsers(ctx context.Context, n *neighbourhood) (func() error, error) {
	ids := []string{n.offended[0].ID, n.offended[1].ID}
	end, err := n.locking(ctx, "SELECT FROM roster.users WHERE id = ANY($1::text[]::uuid[]) FOR UPDATE", ids)
	if err != nil {
		return nil, err
	}
	stop := n.repeating(ctx, 4, func(ctx context.Context, i int) {
		if i < 2 {
			_, _ = n.send(ctx, "DELETE", "/users/"+ids[i], nil, nil)
			return
		}
		name := n.offended[i-2].Username
		_, _ = n.send(ctx, "PUT", "/users/"+ids[i-2], map[string]string{"username": name, "email": name + "@example.com"}, nil)
	})
	return both(stop, end), nil
}

// slowDeletion has a client delete a user whose trigger takes longer than a
// statement may.
func slowDeletion(ctx context.Context, n *neighbourhood) (func() error, error) {
	id := n.offended[2].ID
	if _, err := n.conn.Exec(ctx, `CREATE OR REPLACE FUNCTION public.sleep() RETURNS trigger LANGUAGE plpgsql
			AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END';
		CREATE OR REPLACE TRIGGER sleep BEFORE UPDATE ON roster.users FOR EACH ROW
			WHEN (OLD.id = '`+id+`') EXECUTE FUNCTION public.sleep()`); err != nil {
		return nil, err
	}
	stop := n.repeating(ctx, 1, func(ctx context.Context, _ int) { _, _ = n.send(ctx, "DELETE", "/users/"+id, nil, nil) })
	return both(stop, func() error {
		_, err := n.conn.Exec(context.WithoutCancel(ctx), "DROP TRIGGER sleep ON roster.users")
		return err
	}), nil
}

// costlySearch has a client search for a word of many users, without that word.
func costlySearch(ctx context.Context, n *neighbourhood) (func() error, error) {
	return n.repeating(ctx, 1, func(ctx context.Context, _ int) {
		_, _ = n.send(ctx, "POST", "/users/search", map[string]string{"term": "bulk -bulk"}, nil)
	}), nil
}

// slowExports has 20 clients read an export, each 200 kB a second.
func slowExports(ctx context.Context, n *neighbourhood) (func() error, error) {
	return n.repeating(ctx, 20, func(ctx context.Context, _ int) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, n.url+"/bulk/users", http.NoBody)
		if err != nil {
			return
		}
		request.Header.Set("Accept-Encoding", "identity") // compressed, it would fit into the buffers between
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return
		}
		defer func() { _ = response.Body.Close() }()
		for err == nil {
			_, err = io.CopyN(io.Discard, response.Body, 20_000)
			time.Sleep(100 * time.Millisecond)
		}
	}), nil
}

func both(first, second func() error) func() error {
	return func() error { return errors.Join(first(), second()) }
}
