package resttest

import (
	"testing"

	"github.com/roster-directory/roster/domain"
)

func testPatches(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	t.Run("each member reaches the store", func(t *testing.T) { testWholePatch(t, edge) })
	t.Run("null clears optional fields", func(t *testing.T) {
		w := newWorld(t, edge)
		w.ask(t, "PATCH", adaPath, `{"external_id":null,"attributes":null}`)
		if got := w.users.PatchUserCalls()[0].PatchUser; !got.NoExternalID || !got.NoAttributes || !got.ExternalID.IsZero() ||
			got.Attributes != nil {
			t.Errorf("patched by %+v", got)
		}
	})
	t.Run("an empty patch is one", func(t *testing.T) {
		w := newWorld(t, edge)
		w.ask(t, "PATCH", adaPath, "{}")
		if got := w.users.PatchUserCalls()[0].PatchUser; got.NoExternalID || got.NoAttributes || got.Attributes != nil ||
			got.Username.String() != "" {
			t.Errorf("patched by %+v", got)
		}
	})
	t.Run("the response of get may be sent back", func(t *testing.T) {
		accepted(t, w.ask(t, "PATCH", adaPath, deletedJSON), 200, adaJSON)
		accepted(t, w.ask(t, "PATCH", adaPath, `{"id":"x","created_at":1,"updated_at":{},"deleted_at":[],"version":"x"}`), 200, adaJSON)
	})
	for body, places := range map[string][]string{
		`{"username":null,"email":null,"display_name":null,"status":null}`:  {"/username", "/email", "/display_name", "/status"},
		`{"username":"-","email":"x","display_name":" ","status":"asleep"}`: {"/username", "/email", "/display_name", "/status"},
		`{"display_name":"\u200b\u3164","external_id":"\u00ad"}`:            {"/external_id", "/display_name"},
		`{"external_id":"","attributes":[]}`:                                {"/attributes", "/external_id"},
		`{"external_id":1,"attributes":"{}"}`:                               {"/external_id", "/attributes"},
		`{"attributes":{"a":"\u0000"}}`:                                     {"/attributes"},
		`{"attribute":{}}`:                                                  {"/attribute"},
		`[]`:                                                                {""},
		`null`:                                                              {""},
	} {
		refused(t, w.ask(t, "PATCH", adaPath, body), 422, "invalid", places...)
	}
	refused(t, w.ask(t, "PATCH", adaPath, `{"username":"a","username":"b"}`), 400, "unreadable")
	refused(t, w.ask(t, "PATCH", adaPath, `{"attributes":{"a":1,"a":null}}`), 400, "unreadable")
	refused(t, w.ask(t, "PATCH", "/users/x?y=1", `{"username":null}`, "If-Match", `"x`), 400, "parameter", "?id", "?If-Match", "?y",
		"/username")
	t.Run("a patch has its own type, or JSON", func(t *testing.T) {
		for _, fine := range []string{"application/merge-patch+json", "application/json", "application/merge-patch+json; charset=utf-8"} {
			accepted(t, w.ask(t, "PATCH", adaPath, "{}", "Content-Type", fine), 200, adaJSON)
		}
		for _, other := range []string{"application/json-patch+json", "text/plain", "application/merge-patch+json, application/json", ""} {
			refused(t, w.ask(t, "PATCH", adaPath, "{}", "Content-Type", other), 415, "media-type")
		}
	})
	if got := len(w.users.PatchUserCalls()); got != 5 {
		t.Errorf("%d patches reached the store, want 5", got)
	}
}

func testWholePatch(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.ask(t, "PATCH", adaPath, `{"username":"Bob","email":"bob@EXAMPLE.com","external_id":"x-1","display_name":"Bob B.",`+
		`"attributes":{"a":null,"b":{"c":[1]}},"status":"suspended"}`,
		"Content-Type", "application/merge-patch+json")
	got := w.users.PatchUserCalls()[0].PatchUser
	if got.ID != ada().ID || got.IfMatch != 0 || got.Username.String() != "Bob" || got.Email.String() != "bob@example.com" ||
		got.ExternalID.String() != "x-1" ||
		got.DisplayName.String() != "Bob B." || got.Status != domain.Suspended || got.NoExternalID || got.NoAttributes || got.Idempotency != nil {
		t.Errorf("patched by %+v", got)
	}
	if got.Attributes == nil || got.Attributes.String() != `{"a":null,"b":{"c":[1]}}` {
		t.Errorf("the attributes are patched by %v", got.Attributes)
	}
}
