package resttest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/domain"
)

const (
	adaJSON = `{"id":"` + adaID + `","external_id":"hr-1815","username":"ada","email":"ada@example.com",` +
		`"display_name":"Zoë \"李小龍\" <&>","attributes":{"team":"search"},"status":"active",` +
		`"created_at":"2026-01-01T00:00:01Z","updated_at":"2026-01-02T10:20:30.1234Z","version":2}`
	deletedJSON = `{"id":"` + adaID + `","external_id":"hr-1815","username":"ada","email":"ada@example.com",` +
		`"display_name":"Zoë \"李小龍\" <&>","attributes":{"team":"search"},"status":"active",` +
		`"created_at":"2026-01-01T00:00:01Z","updated_at":"2026-01-02T10:20:30.1234Z","deleted_at":"2026-01-03T00:00:00Z","version":3}`
	affiliationsJSON = `[{"organization":{"id":"` + orgID + `","name":"Analytical Engines","slug":"engines","plan":"team",` +
		`"created_at":"2026-01-01T00:00:01Z","version":1},"role":"owner","joined_at":"2026-01-01T00:00:01Z"}]`
	newJSON = `{"id":"` + adaID + `","username":"bob","email":"bob@example.com","display_name":"bob","attributes":{},` +
		`"status":"active","created_at":"2026-01-01T00:00:01Z","updated_at":"2026-01-01T00:00:01Z","version":1}`
	reportJSON = `[{"organization_id":"` + orgID + `","organization":"O'Neil & Co","plan":"team","members":12,"active_members":7,` +
		`"events":341,"last_activity":"2026-01-31T23:59:59.5Z"},{"organization_id":"` + orgID + `","organization":"O'Neil & Co",` +
		`"plan":"team","members":12,"active_members":0,"events":0,"last_activity":null}]`
	bob = `{"username":"bob","email":"bob@example.com"}`
)

func testOperations(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for _, c := range []struct {
		name, method, target, body string
		status                     int
		want                       string
	}{
		{"list", "GET", "/users", "", 200, "[" + adaJSON + "," + adaJSON + "]"},
		{"create", "POST", "/users", bob, 201, newJSON},
		{"get", "GET", "/users/" + adaID, "", 200, adaJSON},
		{"get by an id in upper case", "GET", "/users/" + strings.ToUpper(adaID), "", 200, adaJSON},
		{"replace", "PUT", "/users/" + adaID, bob, 200, adaJSON},
		{"replace by the response of get", "PUT", "/users/" + adaID, adaJSON, 200, adaJSON},
		{"delete", "DELETE", "/users/" + adaID, "", 204, ""},
		{"search", "POST", "/users/search", `{"term":"ada"}`, 200, "[" + adaJSON[:len(adaJSON)-1] + `,"match":"words"}]`},
		{"look up many", "POST", "/users/lookup", `{"ids":["` + adaID + `"]}`, 200, "[" + adaJSON + "]"},
		{"look up by username", "GET", "/users?username=ADA", "", 200, "[" + adaJSON + "]"},
		{"look up by email", "GET", "/users?email=ada@EXAMPLE.com", "", 200, "[" + adaJSON + "]"},
		{"look up by external id", "GET", "/users?external_id=hr-1815", "", 200, "[" + adaJSON + "]"},
		{"get a deleted one", "GET", adaPath + "?deleted=include", "", 200, deletedJSON},
		{"patch", "PATCH", adaPath, `{"display_name":"Ada"}`, 200, adaJSON},
		{"restore", "POST", adaPath + "/restore", "", 200, adaJSON},
		{"erase", "POST", adaPath + "/erase", "", 204, ""},
		{"organizations", "GET", adaOrganizations, "", 200, affiliationsJSON},
		{"report", "GET", "/reports/engagement?" + window, "", 200, reportJSON},
		{"live", "GET", "/livez", "", 200, `{"status":"ok"}`},
		{"ready", "GET", "/readyz", "", 200, `{"status":"ok"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			accepted(t, w.ask(t, c.method, c.target, c.body), c.status, c.want)
		})
	}
	t.Run("a new user's path is in Location", func(t *testing.T) {
		if got := w.ask(t, "POST", "/users", bob).Header().Get("Location"); got != "users/"+adaID {
			t.Errorf("Location is %q", got)
		}
	})
	t.Run("nothing found is an empty array", func(t *testing.T) {
		w := newWorld(t, edge)
		reply(&w.users.SearchUsersFunc, found(), nil)
		accepted(t, w.ask(t, "POST", "/users/search", `{"term":"nobody"}`), 200, "[]")
	})
	t.Run("ready fails where the database does, and while draining", func(t *testing.T) { testReadiness(t, edge) })
	t.Run("Authenticate returns the caller", func(t *testing.T) { testCallers(t, edge) })
}

func testReadiness(t *testing.T, edge Edge) {
	broken := newWorld(t, edge, func(o *rest.Options) {
		o.Ready = func(context.Context) error { return errors.New("dial canary.internal: refused") }
	})
	response := broken.ask(t, "GET", "/readyz", "")
	refused(t, response, 503, "unavailable")
	if strings.Contains(response.Body.String(), "canary") {
		t.Errorf("the cause leaks: %s", response.Body)
	}
	accepted(t, broken.ask(t, "GET", "/livez", ""), 200, `{"status":"ok"}`)
	old := newWorld(t, edge, func(o *rest.Options) {
		o.Ready = func(context.Context) error {
			return &domain.Error{Kind: domain.Unavailable, Detail: "the schema is at version 2; 3 is needed", Fix: "run roster migrate up"}
		}
	})
	if p := refused(t, old.ask(t, "GET", "/readyz", ""), 503, "unavailable"); !strings.Contains(p.Detail, "run roster migrate up") {
		t.Errorf("the problem does not say what to do: %q", p.Detail)
	}
	draining := newWorld(t, edge)
	draining.api.Drain()
	refused(t, draining.ask(t, "GET", "/readyz", ""), 503, "unavailable")
	accepted(t, draining.ask(t, "GET", "/livez", ""), 200, `{"status":"ok"}`)
	accepted(t, draining.ask(t, "GET", "/users/"+adaID, ""), 200, adaJSON)
}

func testCallers(t *testing.T, edge Edge) {
	nobody := newWorld(t, edge, func(o *rest.Options) {
		o.Authenticate = func(*http.Request) (domain.Principal, error) { return domain.Principal{}, nil }
	})
	stranger := newWorld(t, edge, func(o *rest.Options) {
		o.Authenticate = func(*http.Request) (domain.Principal, error) {
			return domain.Principal{}, &domain.Error{Kind: domain.Denied, Reason: domain.ReasonScope, Detail: "needs a token", Fix: "send one"}
		}
	})
	for _, c := range everyRequest() {
		refused(t, nobody.ask(t, c.method, c.target, c.body), 403, "denied")
		refused(t, stranger.ask(t, c.method, c.target, c.body), 403, "denied")
	}
	accepted(t, stranger.ask(t, "GET", "/livez", ""), 200, `{"status":"ok"}`)
	accepted(t, stranger.ask(t, "GET", "/readyz", ""), 200, `{"status":"ok"}`)
}

func testCommands(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	whole := `{"username":"Bob","email":"bob@EXAMPLE.com","external_id":"x-1","display_name":"Bob B.",` +
		`"attributes":{"a": [1, 2]},"status":"suspended"}`
	w.ask(t, "POST", "/users", whole)
	made := w.users.CreateUserCalls()[0].CreateUser.User
	if made.Username.String() != "Bob" || made.Email.String() != "bob@example.com" || made.ExternalID.String() != "x-1" ||
		made.DisplayName.String() != "Bob B." || made.Attributes.String() != `{"a":[1,2]}` || made.Status != domain.Suspended {
		t.Errorf("created %+v", made)
	}
	w.ask(t, "PUT", "/users/"+adaID, whole)
	w.ask(t, "PUT", "/users/"+adaID, bob)
	calls := w.users.ReplaceUserCalls()
	all, least := calls[0].ReplaceUser, calls[1].ReplaceUser
	if all.ID != ada().ID || all.IfMatch != 0 || all.Username != made.Username || all.Email != made.Email ||
		all.ExternalID != made.ExternalID ||
		all.DisplayName != made.DisplayName || *all.Attributes != made.Attributes || all.Status != made.Status {
		t.Errorf("replaced by %+v", all)
	}
	if !least.ExternalID.IsZero() || !least.DisplayName.IsZero() || least.Attributes != nil || least.Status != "" {
		t.Errorf("absent fields were changed: %+v", least)
	}
	w.ask(t, "DELETE", "/users/"+adaID, "")
	if got := w.users.DeleteUserCalls()[0].DeleteUser; got.ID != ada().ID || got.IfMatch != 0 {
		t.Errorf("deleted %+v", got)
	}
	w.ask(t, "GET", "/users", "")
	w.ask(t, "GET", "/users?limit=7", "")
	if calls := w.users.ListUsersCalls(); calls[0].ListUsers.Limit.Int() != 50 || calls[1].ListUsers.Limit.Int() != 7 {
		t.Errorf("listed %+v", calls)
	}
	w.ask(t, "POST", "/users/search", `{"term":"ada \u674e"}`)
	w.ask(t, "POST", "/users/search?limit=1000", `{"term":"ada"}`)
	if calls := w.users.SearchUsersCalls(); calls[0].SearchUsers.Term.String() != "ada 李" ||
		calls[0].SearchUsers.Limit.Int() != 20 || calls[1].SearchUsers.Limit.Int() != 1000 {
		t.Errorf("searched %+v", calls)
	}
	w.ask(t, "GET", "/reports/engagement?from=2026-01-01T02:00:00%2B02:00&to=2026-02-01T00:00:00.5Z&limit=3", "")
	got := w.events.ReportEngagementCalls()[0].ReportEngagement
	if !got.Window.From().Equal(instant("2026-01-01T00:00:00Z")) || !got.Window.To().Equal(instant("2026-02-01T00:00:00.5Z")) ||
		got.Limit.Int() != 3 {
		t.Errorf("reported %+v", got)
	}
}
