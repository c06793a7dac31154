package resttest

import "testing"

func testFields(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	const some = `{"id":"` + adaID + `","username":"ada","version":2}`
	for target, want := range map[string]string{
		adaPath + "?fields=id,username,version":          some,
		adaPath + "?fields=version,username,id":          some,
		adaPath + "?fields=version%2Cusername%2Cid":      some,
		"/users?fields=id,username,version":              "[" + some + "," + some + "]",
		"/users?username=ada&fields=id,username,version": "[" + some + "]",
		adaPath + "?fields=email":                        `{"email":"ada@example.com"}`,
		adaPath + "?fields=deleted_at":                   `{}`,
		adaPath + "?deleted=include&fields=deleted_at":   `{"deleted_at":"2026-01-03T00:00:00Z"}`,
		adaPath + "?fields=display_name,attributes,status": `{"display_name":"Zoë \"李小龍\" <&>",` +
			`"attributes":{"team":"search"},"status":"active"}`,
		adaPath + "?fields=created_at,updated_at": `{"created_at":"2026-01-01T00:00:01Z","updated_at":"2026-01-02T10:20:30.1234Z"}`,
		adaPath + "?fields=external_id":           `{"external_id":"hr-1815"}`,
		adaPath + "?fields=id,external_id,username,email,display_name,attributes,status,created_at,updated_at,deleted_at,version": adaJSON,
	} {
		accepted(t, w.ask(t, "GET", target, ""), 200, want)
	}
	accepted(t, w.ask(t, "POST", "/users/search?fields=id,username,version", `{"term":"ada"}`), 200,
		"["+some[:len(some)-1]+`,"match":"words"}]`)
	accepted(t, w.ask(t, "POST", "/users/search?fields=deleted_at", `{"term":"ada"}`), 200, `[{"match":"words"}]`)
	accepted(t, w.ask(t, "POST", "/users/lookup?fields=id,username,version", `{"ids":["`+adaID+`"]}`), 200, "["+some+"]")
	for _, fields := range []string{"", "name", "ID", "id,", ",id", "id,id", "id,%20username", "id;username", "id,password"} {
		t.Run("the fields "+fields, func(t *testing.T) {
			refused(t, w.ask(t, "GET", adaPath+"?fields="+fields, ""), 400, "parameter", "?fields")
			refused(t, w.ask(t, "GET", "/users?fields="+fields, ""), 400, "parameter", "?fields")
			refused(t, w.ask(t, "POST", "/users/search?fields="+fields, `{"term":"ada"}`), 400, "parameter", "?fields")
		})
	}
	refused(t, w.ask(t, "GET", adaPath+"?fields=id&fields=username", ""), 400, "parameter", "?fields")
	refused(t, w.ask(t, "POST", "/users/search?fields=x&limit=0", `{"term":" "}`), 400, "parameter", "?limit", "?fields", "/term")
}
