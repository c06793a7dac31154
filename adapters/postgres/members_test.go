package postgres_test

import (
	"errors"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// A caller could tell a user elsewhere from one that does not exist, if its command
// waited for the user's row.
func TestCommandsOfBoundCallersDoNotWaitForUsersElsewhere(t *testing.T) {
	crowd := testdb.NewCrowd(t, 1, 1)
	outside := testdb.CreateUsers(t, crowd.Users, 10, 11)[0]
	home := crowd.Organizations[0]
	pgtest.Execute(t, crowd.Conn, "BEGIN", "SELECT FROM roster.users FOR UPDATE")
	defer pgtest.Execute(t, crowd.Conn, "ROLLBACK")
	key := &ports.Idempotency{Caller: "c", Operation: "o", Key: "k", At: testdb.Begin}
	for _, key := range []*ports.Idempotency{nil, key} {
		_, patch := crowd.Users.PatchUser(t.Context(), ports.PatchUser{ID: outside.ID, Within: home, At: testdb.Begin, Idempotency: key})
		_, replacement := crowd.Users.ReplaceUser(t.Context(), ports.ReplaceUser{
			ID: outside.ID, Within: home, Username: outside.Username, Email: outside.Email, At: testdb.Begin, Idempotency: key,
		})
		for _, err := range []error{patch, replacement} {
			if !errors.Is(err, domain.NotFound) {
				t.Errorf("got %v, want a NotFound error", err)
			}
		}
	}
	event := domain.Event{
		ID: domain.EventID{1}, Organization: home, User: outside.ID, OccurredAt: testdb.Begin,
		Kind: domain.MustParse(domain.ParseEventKind("login")),
	}
	got, err := crowd.Events.AddEvents(t.Context(), ports.AddEvents{Events: []domain.Event{event}, Within: home})
	if err != nil || got[0] != ports.UnknownUser {
		t.Errorf("the outcome is %v, %v", got, err)
	}
}
