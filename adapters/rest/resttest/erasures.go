package resttest

import (
	"context"
	"testing"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

const (
	erasedJSON   = `{"id":"` + orgID + `","kind":"user","subject":"` + adaID + `",`
	finishedJSON = erasedJSON + `"state":"finished","started_at":"2026-01-03T00:00:00Z","finished_at":"2026-01-03T00:00:05Z",` +
		`"memberships":1,"events":1815,"rows":{"events":1815,"memberships":1,"users":1},` +
		`"seal":"bb9ef359f673de76b6fb90b2f2fad8b38a0b4b975a6818ab9422caa58c36cfb6"}`
	keptJSON    = `{"table":"users","id":"` + adaID + `"}`
	runningJSON = erasedJSON + `"state":"running","started_at":"2026-01-03T00:00:00Z","memberships":1,"events":1815,` +
		`"rows":{"events":1815,"memberships":1,"users":1}}`
)

// running is an erasure with much left, finished the same one at its end.
func running() ports.Erasure {
	return ports.Erasure{
		ID: domain.MustParse(domain.ParseID[ports.Erasure]("id", orgID)), Kind: "user", Subject: adaID,
		StartedAt: instant("2026-01-03T00:00:00Z"), Rows: map[string]int64{"users": 1, "memberships": 1, "events": 1815},
	}
}

func finished() ports.Erasure {
	erasure := running()
	erasure.FinishedAt = instant("2026-01-03T00:00:05Z")
	return erasure
}

func testHolds(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	const hold = `{"held_at":"2026-01-03T00:00:00Z"}`
	accepted(t, w.ask(t, "PUT", adaPath+"/hold", ""), 200, hold)
	accepted(t, w.ask(t, "GET", adaPath+"/hold", ""), 200, hold)
	accepted(t, w.ask(t, "DELETE", adaPath+"/hold", ""), 204, "")
	reply(&w.users.UserHoldFunc, time.Time{}, nil)
	refused(t, w.ask(t, "GET", adaPath+"/hold", ""), 404, "not-found")
	held := &domain.Error{Kind: domain.Conflict, Reason: domain.ReasonHeld, Detail: "the user is held", Fix: "end the hold first"}
	reply(&w.users.EraseUserFunc, ports.Erasure{}, error(held))
	refused(t, w.ask(t, "POST", adaPath+"/erase", ""), 409, "held")
}

func testUserExport(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	response := w.ask(t, "GET", adaPath+"/export", "")
	accepted(t, response, 200, keptJSON+"\n")
	if got, want := response.Header().Get("Content-Disposition"), `attachment; filename="user-`+adaID+`.ndjson"`; got != want {
		t.Errorf("Content-Disposition is %q; want %q", got, want)
	}
	if got := response.Header().Get("Content-Type"); got != ndjson {
		t.Errorf("Content-Type is %q", got)
	}
	w.bulk.ExportUserFunc = func(context.Context, domain.UserID, func(ports.KeptRecord) error) error {
		return domain.Absent("user", ada().ID)
	}
	refused(t, w.ask(t, "GET", adaPath+"/export", ""), 404, "not-found")
}

func testErasures(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for _, path := range []string{adaPath, orgPath} {
		accepted(t, w.ask(t, "GET", path+"/erasure", ""), 200, finishedJSON)
	}
	reply(&w.users.EraseUserFunc, running(), nil)
	reply(&w.users.UserErasureFunc, running(), nil)
	w.organizations.DeleteOrganizationFunc = func(context.Context, domain.OrganizationID, domain.Version) (ports.Erasure, error) {
		return running(), nil
	}
	reply(&w.organizations.OrganizationErasureFunc, running(), nil)
	for _, c := range []struct{ method, target, path string }{
		{"POST", adaPath + "/erase", adaPath}, {"DELETE", orgPath, orgPath},
	} {
		response := w.ask(t, c.method, c.target, "")
		got := resolved(c.target, response.Header().Get("Location"))
		if response.Code != 202 || response.Body.Len() > 0 || got != c.path+"/erasure" {
			t.Errorf("%s %s: got %d %q with Location %q", c.method, c.target, response.Code, response.Body, got)
		}
		accepted(t, w.ask(t, "GET", c.path+"/erasure", ""), 200, runningJSON)
	}
}
