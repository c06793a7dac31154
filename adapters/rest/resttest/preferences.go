package resttest

import "testing"

func testPreferences(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for _, c := range []struct {
		method, target, body string
		status               int
		tag, location        string
	}{
		{"POST", "/users", bob, 201, `"1"`, "users/" + adaID},
		{"PUT", adaPath, bob, 204, `"2"`, ""},
		{"PATCH", adaPath, "{}", 204, `"2"`, ""},
		{"POST", adaPath + "/restore", "", 204, `"2"`, ""},
	} {
		t.Run(c.method+" "+c.target, func(t *testing.T) {
			for _, preference := range []string{
				"return=minimal", `return="minimal"`, "respond-async, Return = minimal; x=1",
				"return=minimal, return=representation",
			} {
				response := w.ask(t, c.method, c.target, c.body, "Prefer", preference)
				accepted(t, response, c.status, "")
				got := response.Header()
				if got.Get("Preference-Applied") != "return=minimal" || got.Get("ETag") != c.tag || got.Get("Location") != c.location ||
					got.Get("Content-Type") != "" {
					t.Errorf("Prefer: %s is answered with %v", preference, got)
				}
			}
			for _, other := range []string{
				"", "return=representation", "return", "return=tiny", "minimal",
				"return=representation, return=minimal", ";;=,", "x-return=minimal",
			} {
				response := w.ask(t, c.method, c.target, c.body, "Prefer", other)
				if response.Body.Len() == 0 || response.Header().Get("Preference-Applied") != "" {
					t.Errorf("Prefer: %s is answered with %d %v", other, response.Code, response.Header())
				}
			}
		})
	}
	refused(t, w.ask(t, "POST", "/users", "{}", "Prefer", "return=minimal"), 422, "invalid", "/username", "/email")
}
