package cloudevents_test

import (
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/cloudevents"
	"github.com/roster-directory/roster/domain"
)

func TestAnEntryIsAnEvent(t *testing.T) {
	at := time.Date(2026, 1, 2, 10, 20, 30, 123_456_000, time.UTC)
	for want, entry := range map[string]domain.LogEntry{
		`{"specversion":"1.0","id":"01000000-0000-0000-0000-000000000000","source":"/log","type":"roster.user.updated",` +
			`"subject":"02","time":"2026-01-02T10:20:30.123456Z","datacontenttype":"application/json",` +
			`"data":{"organization":"03000000-0000-0000-0000-000000000000","version":2,"fields":["username"],"actor":"local","request":"r1"}}`: {
			ID: domain.LogEntryID{1}, At: at, Kind: domain.UserUpdated, Subject: "02", Organization: domain.OrganizationID{3}, Version: 2,
			Fields: []string{"username"}, Actor: "local", Request: "r1", Number: 9,
		},
		`{"specversion":"1.0","id":"01000000-0000-0000-0000-000000000000","source":"/log","type":"roster.plan.deleted",` +
			`"subject":"free","time":"2026-01-02T10:20:30.123456Z","datacontenttype":"application/json","data":{"actor":"local"}}`: {
			ID: domain.LogEntryID{1}, At: at, Kind: domain.PlanDeleted, Subject: "free", Actor: "local",
		},
	} {
		if got := string(cloudevents.Append(nil, &entry)); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
