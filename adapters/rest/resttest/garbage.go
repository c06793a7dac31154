package resttest

import (
	"fmt"
	"strings"
	"testing"
)

// badBody is a body that POST and PUT refuse, and the places of its faults.
type badBody struct {
	name, body string
	places     []string
}

func testBodies(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for status, bodies := range map[int][]badBody{400: unreadableBodies(), 422: invalidBodies()} {
		slug := map[int]string{400: "unreadable", 422: "invalid"}[status]
		for _, c := range bodies {
			t.Run("creating by "+c.name, func(t *testing.T) {
				refused(t, w.ask(t, "POST", "/users", c.body), status, slug, c.places...)
			})
			t.Run("replacing by "+c.name, func(t *testing.T) {
				refused(t, w.ask(t, "PUT", "/users/"+adaID, c.body), status, slug, c.places...)
			})
		}
	}
	testMore(t, w)
	testWording(t, w)
	if made, changed := len(w.users.CreateUserCalls()), len(w.users.ReplaceUserCalls()); made+changed > 0 {
		t.Errorf("bad bodies made %d users and changed %d", made, changed)
	}
}

func unreadableBodies() []badBody {
	return []badBody{
		{"nothing", " ", nil},
		{"half an object", `{"username":"bob"`, nil},
		{"half a string", `{"username":"bo`, nil},
		{"no comma", `{"username":"bob" "email":"b@example.com"}`, nil},
		{"a comma too many", `{"username":"bob","email":"b@example.com",}`, nil},
		{"single quotes", `{'username':'bob'}`, nil},
		{"a comment", `{"username":"bob"/**/,"email":"b@example.com"}`, nil},
		{"two byte order marks", "\ufeff\ufeff" + bob, nil},
		{"a NUL byte", "{\"username\":\"b\x00b\",\"email\":\"b@example.com\"}", nil},
		{"a raw control character", "{\"username\":\"b\x01b\",\"email\":\"b@example.com\"}", nil},
		{"bytes that are not UTF-8", "{\"username\":\"b\xffb\",\"email\":\"b@example.com\"}", nil},
		{"half a surrogate pair", `{"username":"bob","email":"b@example.com","display_name":"\ud800"}`, nil},
		{"a name twice", `{"username":"bob","email":"b@example.com","username":"eve"}`, nil},
		{"a name twice, once escaped", `{"username":"bob","email":"b@example.com","\u0075sername":"eve"}`, nil},
		{"a name twice further down", `{"username":"bob","email":"b@example.com","attributes":{"a":1,"a":2}}`, nil},
		{"an unknown name twice", `{"username":"bob","email":"b@example.com","x":1,"x":2}`, nil},
		{"a second value", bob + bob, nil},
		{"trailing garbage", bob + "x", nil},
		{"nesting to exhaust a stack", `{"username":"bob","email":"b@example.com","x":` + strings.Repeat(`[`, 200_000), nil},
	}
}

func invalidBodies() []badBody {
	return []badBody{
		{"an array", `[` + bob + `]`, []string{""}},
		{"null", `null`, []string{""}},
		{"a string", `"bob"`, []string{""}},
		{"an empty object", `{}`, []string{"/username", "/email"}},
		{"an unknown member", `{"username":"bob","email":"b@example.com","admin":true}`, []string{"/admin"}},
		{"an unknown member to be escaped", `{"username":"bob","email":"b@example.com","a/b~c":{"x":[1]}}`, []string{"/a~1b~0c"}},
		{"a member without a name", `{"username":"bob","email":"b@example.com","":1}`, []string{"/"}},
		{"a member in another case", `{"Username":"bob","username":"bob","email":"b@example.com"}`, []string{"/Username"}},
		{
			"wrong types", `{"username":1,"email":true,"display_name":[],"attributes":"x","status":{},"external_id":null}`,
			[]string{"/username", "/email", "/display_name", "/attributes", "/status", "/external_id"},
		},
		{"null for required fields", `{"username":null,"email":null}`, []string{"/username", "/email"}},
		{"null attributes", `{"username":"bob","email":"b@example.com","attributes":null}`, []string{"/attributes"}},
		{
			"every rule broken", `{"username":"-","email":"bob","display_name":" ","external_id":"","status":"asleep"}`,
			[]string{"/username", "/email", "/external_id", "/display_name", "/status"},
		},
		{
			"invisible characters alone", `{"username":"bob","email":"b@example.com","display_name":"\u115f\u2800","external_id":"\udb40\udc41"}`,
			[]string{"/external_id", "/display_name"},
		},
		{
			"an escaped NUL", `{"username":"b\u0000b","email":"b@example.com","display_name":"\u0000","attributes":{"a":"\u0000"}}`,
			[]string{"/username", "/display_name", "/attributes"},
		},
		{
			"values that are too long", `{"username":"` + strings.Repeat("b", 65) + `","email":"` + strings.Repeat("b", 64) + `@` +
				strings.Repeat("b.", 120) + `example.com","display_name":"` +
				strings.Repeat("李", 201) + `","attributes":{"a":"` + strings.Repeat("b", 16<<10) + `"}}`,
			[]string{"/username", "/email", "/display_name", "/attributes"},
		},
		{"attributes without end", `{"username":"bob","email":"b@example.com","attributes":` + strings.Repeat(`{"a":`, 100) + `1` +
			strings.Repeat(`}`, 101), []string{"/attributes"}},
	}
}

// testMore covers faults that only one operation refuses.
func testMore(t *testing.T, w *world) {
	readOnly := `{"username":"bob","email":"b@example.com","id":"x","version":1}`
	refused(t, w.ask(t, "POST", "/users", readOnly), 422, "invalid", "/id", "/version")
	for name, body := range map[string]string{
		"no term":          `{}`,
		"a blank term":     `{"term":" "}`,
		"a number":         `{"term":7}`,
		"a long term":      `{"term":"` + strings.Repeat("x", 1025) + `"}`,
		"a term with NULs": `{"term":"a\u0000b"}`,
	} {
		t.Run("searching by "+name, func(t *testing.T) {
			refused(t, w.ask(t, "POST", "/users/search", body), 422, "invalid", "/term")
		})
	}
	t.Run("a thousand faults are not all listed", func(t *testing.T) {
		var body strings.Builder
		for i := range 1000 {
			fmt.Fprintf(&body, `,"x%d":0`, i)
		}
		response := w.ask(t, "POST", "/users", `{"username":"bob","email":"b@example.com"`+body.String()+`}`)
		if response.Code != 422 || response.Body.Len() > 8<<10 {
			t.Errorf("%d with %d bytes", response.Code, response.Body.Len())
		}
	})
}

func testWording(t *testing.T, w *world) {
	for body, want := range map[string]string{
		"{\"username\":\"\xff\"}": "not valid UTF-8", `{"a":1,"a":2}`: "twice in one object at byte 7",
		`{"attributes":{"a":1,"a":2}}`: "twice in one object", `{"attributes":{"a":01}}`: "not JSON",
		`{"x":{"a":1,"a":2}}`: "twice in one object", `{"username":{"a":1,"a":2}}`: "twice in one object",
		`{"a":`: "ends before", bob + "x": "something follows",
		`{"a" 1}`: "not JSON at byte 5", ``: "is empty", `[]`: "is not a JSON object", `{"username":null}`: "is null, not a string",
		`{"email":[]}`:   "is an array, not a string",
		`{"email":true}`: "is a boolean", `{"email":{}}`: "is an object", `{"email":1}`: "is a number",
		`{"attributes":"x"}`: "is a string, not an object",
	} {
		t.Run("the fault of "+body+" is named", func(t *testing.T) {
			response := w.ask(t, "POST", "/users", body, "Content-Type", "application/json")
			if !strings.Contains(response.Body.String(), want) {
				t.Errorf("%s does not say %q", response.Body, want)
			}
		})
	}
}
