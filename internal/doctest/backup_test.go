package doctest_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/migrate"
)

// somebody is a directory with something in each table.
const somebody = `
	INSERT INTO roster.plans (code, name, seats) VALUES ('free', 'Free', 3);
	INSERT INTO roster.organizations (id, name, slug, plan, created_at) VALUES (gen_random_uuid(), 'Acme', 'acme', 'free', now());
	INSERT INTO roster.users (id, username, email, display_name, created_at, updated_at)
		SELECT gen_random_uuid(), 'user' || n, 'user' || n || '@example.com', '李小龍', now(), now() FROM generate_series(1, 3) n;
	INSERT INTO roster.memberships (organization_id, user_id, role, joined_at)
		SELECT o.id, u.id, 'owner', now() FROM roster.organizations o, roster.users u;
	SELECT roster.ensure_event_partitions(ARRAY['2026-01-15', '2026-02-15']::timestamptz[]);
	INSERT INTO roster.events (id, organization_id, user_id, kind, occurred_at)
		SELECT gen_random_uuid(), m.organization_id, m.user_id, 'login', at
		FROM roster.memberships m, unnest(ARRAY['2026-01-15', '2026-02-15']::timestamptz[]) at`

func TestABackupIsRestoredWhole(t *testing.T) {
	r := newRoles(t)
	address := r.template.Database(t)
	source := r.as(t, address, "owner")
	if err := execute(t.Context(), source, somebody); err != nil {
		t.Fatal(err)
	}
	restored := r.newDatabase(t, address)
	script := only(t, "sh backup") + only(t, "sh restore")
	if out, err := shell(t, script, "DATABASE_URL="+source, "RESTORED_URL="+restored); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if before, after := dump(t, source), dump(t, restored); before != after {
		t.Errorf("the restored database differs: %s", firstDifference(before, after))
	}
	for _, block := range statements(only(t, "sql grants")) {
		if err := execute(t.Context(), restored, r.rename(block)); err != nil {
			t.Errorf("the grants on the restored database: %v", err)
		}
	}
	migrator, err := migrate.New(restored, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if steps, err := migrator.Up(t.Context()); err != nil || len(steps) > 0 {
		t.Errorf("the restored database lacks %v, %v", steps, err)
	}
	if err := migrator.Close(); err != nil {
		t.Error(err)
	}
}

// newDatabase makes a database as the document says, and returns its address
// for the owner.
func (r *roles) newDatabase(t *testing.T, address string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	parsed.Path += "_restored"
	name := strings.TrimPrefix(parsed.Path, "/")
	for _, each := range statements(only(t, "sql roles")) {
		if sql, ok := strings.CutPrefix(each, "CREATE DATABASE roster "); ok {
			if err := execute(t.Context(), address, "CREATE DATABASE "+name+" "+r.rename(sql)); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Cleanup(func() {
		if err := execute(context.Background(), address, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return r.as(t, parsed.String(), "owner")
}

// dump is a database's rows, and the names of all that its schema holds: the
// text of a check may come back with other parentheses.
func dump(t *testing.T, address string) string {
	t.Helper()
	out, err := shell(t, `
		pg_dump --schema=roster --data-only "$DATABASE_URL" | grep -v '^\\\(un\)\?restrict '
		pg_dump --schema=roster --schema-only --no-owner --no-privileges "$DATABASE_URL" | grep '^-- Name: '`, "DATABASE_URL="+address)
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return out
}

// firstDifference is where two texts part.
func firstDifference(a, b string) string {
	left, right := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(left), len(right)) {
		if left[i] != right[i] {
			return fmt.Sprintf("line %d is %q before and %q after", i+1, left[i], right[i])
		}
	}
	return fmt.Sprintf("%d lines before and %d after", len(left), len(right))
}
