// Package pgtest gives each test a PostgreSQL database of its own, cloned from
// a template that each test process migrates once.
//
// ROSTER_TEST_DATABASE_URL names the server; its user may create databases. Without
// it, each test process starts a server, which ends with the process, even if that
// is killed, and leaves no files.
//
//	var directory = pgtest.NewTemplate(migrate)
//
//	func TestUsers(t *testing.T) { url := directory.Database(t) … }
package pgtest

import (
	"context"
	"fmt"
	"sync"
	"testing"
)

// Migrate brings a new database to the schema that tests need. It leaves no
// connection open.
type Migrate func(ctx context.Context, url string) error

// Template makes databases with the same contents. Its zero value makes empty ones.
type Template struct {
	migrate Migrate
	mu      sync.Mutex
	host    *host
	name    string // on that host; empty until the first clone
}

// NewTemplate returns a template that is migrated when the first test asks for
// a database. A test package keeps one in a variable.
func NewTemplate(migrate Migrate) *Template { return &Template{migrate: migrate} }

// Database returns the URL of a new database, which is dropped at the end of
// the test. The test fails if there is no PostgreSQL.
func (template *Template) Database(t testing.TB) string {
	t.Helper()
	host, err := shared.get(t.Context())
	if err != nil {
		t.Fatalf("no PostgreSQL to test on: %v (install PostgreSQL, or set %s)", err, urlVariable)
	}
	url, err := template.database(t, host)
	if err != nil {
		t.Fatalf("a database for the test: %v", err)
	}
	return url
}

func (template *Template) database(t testing.TB, host *host) (string, error) {
	source, err := template.prepare(t.Context(), host)
	if err != nil {
		return "", err
	}
	name, err := host.create(t.Context(), source)
	if err != nil {
		return "", err
	}
	t.Cleanup(func() {
		if err := host.drop(context.Background(), name); err != nil {
			t.Errorf("dropping the test's database: %v", err)
		}
	})
	return host.url(name), nil
}

// prepare returns the name of the migrated database to clone.
func (template *Template) prepare(ctx context.Context, host *host) (string, error) {
	template.mu.Lock()
	defer template.mu.Unlock()
	if template.name != "" && template.host == host {
		return template.name, nil
	}
	name, err := host.create(ctx, "template1")
	if err != nil {
		return "", err
	}
	if template.migrate != nil {
		if err := template.migrate(ctx, host.url(name)); err != nil {
			return "", fmt.Errorf("migrating the template: %w", err)
		}
	}
	if err := host.warm(ctx, name); err != nil {
		return "", err
	}
	template.host, template.name = host, name
	return name, nil
}
