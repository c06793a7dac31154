package search_test

import (
	"errors"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
)

// A search that can't end has its answer before a server gives up the response.
func TestASearchEndsAtItsTimeout(t *testing.T) {
	t.Parallel()
	config := testdb.Batching(testdb.URL(t))
	config.BatchTimeout = 100 * time.Millisecond
	users := postgres.NewUsers(testdb.Open(t, config))
	tx := pgtest.Begin(t, config.URL, "LOCK TABLE roster.postings")
	_, err := users.SearchUsers(t.Context(), searchFor("ada", 20))
	if !errors.Is(err, domain.Unavailable) {
		t.Errorf("the error is %v", err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
}
