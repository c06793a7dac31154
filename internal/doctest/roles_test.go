package doctest_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/ports"
	"github.com/roster-directory/roster/ports/porttest"
)

const operations = "docs/operations.md"

// roles are those of docs/operations.md, made for one test under names that no
// other test process uses, and a template of a database granted as it says.
type roles struct {
	suffix   string
	template *pgtest.Template
	address  string // of the template, as the superuser
}

func newRoles(t *testing.T) *roles {
	t.Helper()
	r := &roles{}
	setup, grants := statements(only(t, "sql roles")), statements(only(t, "sql grants"))
	r.template = pgtest.NewTemplate(func(ctx context.Context, address string) error {
		connection, err := pgx.Connect(ctx, address)
		if err != nil {
			return err
		}
		defer func() { _ = connection.Close(ctx) }()
		database := connection.Config().Database
		r.address, r.suffix = address, strings.TrimPrefix(database, "roster_test")
		setup = append(setup, "GRANT CREATE ON DATABASE "+database+" TO roster_owner")
		for _, each := range setup {
			if strings.HasPrefix(each, "CREATE DATABASE") {
				continue // the template is it
			}
			if _, err := connection.Exec(ctx, r.rename(each)); err != nil {
				return err
			}
		}
		owner := r.as(t, address, "owner")
		if err := migrate.Up(ctx, owner); err != nil {
			return err
		}
		return execute(ctx, owner, r.rename(strings.Join(grants, ";\n")))
	})
	t.Cleanup(func() {
		for _, role := range []string{"roster_owner", "roster_serve", "roster_read"} {
			for _, sql := range []string{"DROP OWNED BY " + role + " CASCADE", "DROP ROLE " + role} {
				if err := execute(context.Background(), r.address, r.rename(sql)); err != nil {
					t.Errorf("%s: %v", sql, err)
				}
			}
		}
	})
	return r
}

// rename puts this test's names for those of the document.
func (r *roles) rename(sql string) string {
	for _, name := range []string{"roster_owner", "roster_serve", "roster_read"} {
		sql = strings.ReplaceAll(sql, name, name+r.suffix)
	}
	return sql
}

// as returns the address of a database for one of the roles.
func (r *roles) as(t *testing.T, address, role string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	parsed.User = url.UserPassword(r.rename("roster_"+role), role+"-password")
	return parsed.String()
}

// statements splits a block of SQL that has no semicolon but at their ends.
func statements(block string) []string {
	var found []string
	for each := range strings.SplitSeq(block, ";\n") {
		if each = strings.TrimSpace(each); each != "" {
			found = append(found, each)
		}
	}
	return found
}

func execute(ctx context.Context, address, sql string) error {
	connection, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	_, err = connection.PgConn().Exec(ctx, sql).ReadAll()
	return errors.Join(err, connection.Close(ctx))
}

func TestTheServingRoleCanDoAllThatThePortsAsk(t *testing.T) {
	r := newRoles(t)
	open := func(t *testing.T) ports.Stores {
		t.Helper()
		database, err := postgres.Open(t.Context(), postgres.Config{URL: r.as(t, r.template.Database(t), "serve")})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(database.Close)
		if err := database.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		if secret, err := database.Secret(t.Context(), "test"); err != nil || len(secret) != 32 {
			t.Fatalf("a secret of %d bytes, %v", len(secret), err)
		}
		return database.Stores()
	}
	t.Run("users", func(t *testing.T) { porttest.Users(t, open) })
	t.Run("organizations", func(t *testing.T) { porttest.Organizations(t, open) })
	t.Run("memberships", func(t *testing.T) { porttest.Memberships(t, open) })
	t.Run("plans", func(t *testing.T) { porttest.Plans(t, open) })
	t.Run("events", func(t *testing.T) { porttest.Events(t, open) })
	t.Run("imports and exports", func(t *testing.T) { porttest.Bulk(t, open) })
}

func TestTheRolesCanDoNoMoreThanTheyShould(t *testing.T) {
	r := newRoles(t)
	address := r.template.Database(t)
	const denied, readOnly = "42501", "25006"
	for name, c := range map[string]struct{ role, sql, code string }{
		"serving changes no schema":              {"serve", "CREATE TABLE roster.more (n int)", denied},
		"serving drops no table":                 {"serve", "DROP TABLE roster.events", denied},
		"serving changes no event":               {"serve", "UPDATE roster.events SET kind = 'x'", denied},
		"serving deletes no event":               {"serve", "DELETE FROM roster.events", denied},
		"serving removes no tombstone":           {"serve", "DELETE FROM roster.user_tombstones", denied},
		"serving changes no secret":              {"serve", "UPDATE roster.secrets SET value = 'x'", denied},
		"serving forges no migration":            {"serve", "DELETE FROM roster.schema_migrations", denied},
		"reading writes nothing":                 {"read", "DELETE FROM roster.users", readOnly},
		"reading writes nothing when it insists": {"read", "BEGIN READ WRITE; DELETE FROM roster.users", denied},
		"reading makes no partition":             {"read", "BEGIN READ WRITE; SELECT roster.ensure_event_partitions(ARRAY[now()])", denied},
		"reading drops no month":                 {"read", "BEGIN READ WRITE; SELECT roster.drop_event_partition(now())", denied},
		"reading sees no line of an import":      {"read", "SELECT username FROM roster.staging_users", denied},
		"serving makes no rollup again":          {"serve", "SELECT roster.rollup_rebuild(NULL)", denied},
		"reading reads no secret":                {"read", "SELECT value FROM roster.secrets", denied},
		"reading reads no kept answer":           {"read", "SELECT result FROM roster.idempotency_keys", denied},
		"reading reads every table of users": {"read", "SELECT count(*) FROM roster.users, roster.organizations, roster.memberships, " +
			"roster.plans, roster.events, roster.user_tombstones", ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := execute(t.Context(), r.as(t, address, c.role), c.sql)
			var fault *pgconn.PgError
			if c.code == "" && err == nil || errors.As(err, &fault) && fault.Code == c.code {
				return
			}
			t.Errorf("%s: got %v, want SQLSTATE %q", c.sql, err, c.code)
		})
	}
}
