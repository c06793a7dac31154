package doctest_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
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
	r.grant(t, restored)
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

// cluster is a PostgreSQL server on which the document is followed to the letter, as
// on one of its own.
type cluster struct{ admin, host string }

func newCluster(t *testing.T) cluster {
	t.Helper()
	server := pgtest.StartServer(t, func(o *embedded.Options) { o.Listen = "127.0.0.1:0" })
	admin := server.URL("postgres")
	parsed, err := url.Parse(admin)
	if err != nil {
		t.Fatal(err)
	}
	c := cluster{admin: admin, host: parsed.Host}
	if host := parsed.Query().Get("host"); host != "" {
		c.host = net.JoinHostPort(host, parsed.Query().Get("port"))
	}
	for _, each := range statements(only(t, "sql roles")) {
		if err := execute(t.Context(), c.admin, each); err != nil {
			t.Fatalf("%s: %v", each, err)
		}
	}
	return c
}

// as is the address of the document's database for a role.
func (c cluster) as(role string) string {
	return "postgres://roster_" + role + ":" + role + "-password@" + c.host + "/roster"
}

func TestBackupAndRestoreWorkOnAnotherClusterAsWritten(t *testing.T) {
	source, target, roster := newCluster(t), newCluster(t), program(t)
	path := "PATH=" + filepath.Dir(roster) + ":" + os.Getenv("PATH")
	here := strings.ReplaceAll(only(t, "sh migrate"), "127.0.0.1/roster", source.host+"/roster")
	if out, err := shell(t, here, path); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	// The numbers of the source's transactions are ahead of those of the target.
	const transactions = "DO $$ BEGIN FOR i IN 1..5000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
	for _, sql := range []string{only(t, "sql grants"), transactions, somebody} {
		if err := execute(t.Context(), source.as("owner"), sql); err != nil {
			t.Fatal(err)
		}
	}
	const stamps = "SELECT changed::text FROM roster.users ORDER BY id"
	before := pgtest.Column[string](t, pgtest.Connect(t, source.as("owner")), stamps)
	out, err := shell(t, only(t, "sh backup")+only(t, "sh restore")+only(t, "sh restored"), path,
		"DATABASE_URL="+source.as("owner"), "RESTORED_URL="+target.as("owner"))
	if err != nil || !strings.Contains(out, "numbered the changes of 3 users and 0 erased users again") {
		t.Errorf("%v: %s", err, out)
	}
	if after := pgtest.Column[string](t, pgtest.Connect(t, source.as("owner")), stamps); !slices.Equal(before, after) {
		t.Errorf("the restore changed the source: its users had the numbers %v and have %v", before, after)
	}
	if err := execute(t.Context(), target.as("owner"), only(t, "sql grants")); err != nil {
		t.Fatal(err)
	}
	if got, want := (&roles{}).rights(t, target.as("owner")), read(t, rightsFile); got != want {
		t.Errorf("the rights are not those of %s: %s", rightsFile, firstDifference(want, got))
	}
	url := serve(t, roster, target.as("serve"))
	for _, path := range []string{"/readyz", "/users?changed_since=2020-01-01T00:00:00Z"} {
		if out, err := shell(t, "curl '"+url+path+"'"); err != nil {
			t.Errorf("%s: %v: %s", path, err, out)
		}
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
