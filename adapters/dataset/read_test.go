package dataset_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/dataset"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// folder makes a data set of files, by name.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t *testing.T, files map[string]string) *dataset.Folder {
	t.Helper()
	set, err := dataset.Open(folder(t, files), "")
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func users(t *testing.T, set *dataset.Folder) []ports.Line[ports.UserRecord] {
	t.Helper()
	var all []ports.Line[ports.UserRecord]
	for line, err := range set.Users(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, line)
	}
	return all
}

const ada = `{"username":"ada","email":"ada@example.com"}`

func TestAUserLineIsRead(t *testing.T) {
	lines := users(t, open(t, map[string]string{
		"users.ndjson": `{"id":"01890A5D-ac96-774b-bcce-b302099a8057","external_id":"hr-1","username":"zoe","email":"zoe@EXAMPLE.com",` +
			`"display_name":"Zoë 李小龍","attributes":{"a":1},"status":"suspended","created_at":"2026-01-01T01:00:00.5+01:00",` +
			`"updated_at":"2026-01-02T00:00:00Z","deleted_at":"2026-01-03T00:00:00Z","version":4}`,
	}))
	if len(lines) != 1 || lines[0].Fault != nil {
		t.Fatalf("got %+v", lines)
	}
	u := lines[0].Record
	for got, want := range map[string]string{
		u.ID.String(): "01890a5d-ac96-774b-bcce-b302099a8057", u.ExternalID.String(): "hr-1", u.Email.String(): "zoe@example.com",
		u.DisplayName.String(): "Zoë 李小龍", u.Attributes.String(): `{"a":1}`, string(u.Status): "suspended",
		u.CreatedAt.Format(time.RFC3339Nano): "2026-01-01T00:00:00.5Z",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if u.Version != 4 || u.DeletedAt.Day() != 3 || u.UpdatedAt.Day() != 2 || !u.HasAttributes {
		t.Errorf("got %+v", u)
	}
}

func TestALineMayEndInSeveralWays(t *testing.T) {
	for name, text := range map[string]string{
		"a line feed":                   ada + "\n",
		"nothing":                       ada,
		"a carriage return":             ada + "\r\n",
		"a mark and blank lines before": "\xef\xbb\xbf\n \r\n" + ada,
	} {
		t.Run(name, func(t *testing.T) {
			lines := users(t, open(t, map[string]string{"users.ndjson": text}))
			if len(lines) != 1 || lines[0].Fault != nil || lines[0].Record.Username.String() != "ada" {
				t.Errorf("got %+v", lines)
			}
		})
	}
}

func TestABadUserLineIsNamed(t *testing.T) {
	for name, c := range map[string]struct{ line, problem string }{
		"no JSON":       {`{"username":`, "ends before its JSON object"},
		"no object":     {`[1]`, "is not a JSON object"},
		"two values":    {ada + ada, "has more than a JSON object"},
		"invalid UTF-8": {"{\"username\":\"\xff\"}", "UTF-8"},
		"a NUL": {
			`{"username":"ada","email":"a@b.c","display_name":"a\u0000b"}`,
			"display_name: holds the control character U+0000",
		},
		"an unknown field":         {`{"username":"ada","emial":"x"}`, "emial: is not a field"},
		"a field in another case":  {`{"Username":"ada"}`, "Username: is not a field"},
		"a field twice":            {`{"username":"ada","username":"eve"}`, "username: is given twice"},
		"a number for a text":      {`{"username":5}`, "username: is a number, not a string"},
		"no username":              {`{"email":"a@b.c"}`, "username: is required"},
		"two faults":               {`{"username":"a b","email":"x"}`, "has no '@'"},
		"a bad id":                 {`{"id":"7","username":"ada","email":"a@b.c"}`, "id: \"7\" is not a UUID"},
		"the nil UUID":             {`{"id":"00000000-0000-0000-0000-000000000000","username":"ada","email":"a@b.c"}`, "id: is the nil UUID"},
		"a bad time":               {`{"username":"ada","email":"a@b.c","created_at":"yesterday"}`, "created_at: \"yesterday\" is not a time"},
		"a time without end":       {`{"username":"ada","email":"a@b.c","created_at":"0000-01-01T00:00:00Z"}`, "created_at: is in the year 0"},
		"version 0":                {`{"username":"ada","email":"a@b.c","version":0}`, "version: is below 1"},
		"attributes that are none": {`{"username":"ada","email":"a@b.c","attributes":[]}`, "attributes: is an array, not an object"},
		"deleted without an id": {
			`{"username":"ada","email":"a@b.c","deleted_at":"2026-01-01T00:00:00Z"}`,
			"id: is required of a deleted user",
		},
		"a line beyond 1 MiB": {strings.Repeat("x", dataset.MaxLine+10), "longer than 1048576 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			lines := users(t, open(t, map[string]string{"users.ndjson": c.line + "\n" + ada + "\n"}))
			if len(lines) != 2 || lines[0].Fault == nil || lines[0].Number != 1 {
				t.Fatalf("got %+v", lines)
			}
			if got := lines[0].Fault.Error(); !strings.Contains(got, c.problem) {
				t.Errorf("got %q, want %q in it", got, c.problem)
			}
			if lines[1].Fault != nil || lines[1].Number != 2 {
				t.Errorf("the line after: %+v", lines[1])
			}
		})
	}
}

func TestReferencesAreByIDOrName(t *testing.T) {
	const id = `"01890a5d-ac96-774b-bcce-b302099a8057"`
	const rest = `"kind":"login","occurred_at":"2026-01-01T00:00:00Z"`
	for name, c := range map[string]struct{ line, problem string }{
		"ids":                 {`{"organization_id":` + id + `,"user_id":` + id + `,` + rest + `}`, ""},
		"names":               {`{"organization":"acme","user":"ada",` + rest + `}`, ""},
		"an erased user":      {`{"organization":"acme","user_id":null,` + rest + `,"payload":null}`, ""},
		"nobody":              {`{"organization":"acme",` + rest + `}`, "user_id: is required"},
		"a user twice":        {`{"organization":"acme","user":"ada","user_id":` + id + `,` + rest + `}`, "user: is given together with user_id"},
		"a number for a user": {`{"organization":"acme","user_id":5,` + rest + `}`, "user_id: is a number, not a string or null"},
		"a bad slug":          {`{"organization":"A","user":"ada",` + rest + `}`, "organization: "},
		"no time":             {`{"organization":"acme","user":"ada","kind":"login"}`, "occurred_at: is required"},
		"a long payload": {
			`{"organization":"acme","user":"ada",` + rest + `,"payload":"` + strings.Repeat("x", 5000) + `"}`,
			"payload: has",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for line, err := range open(t, map[string]string{"events.ndjson": c.line}).Events(t.Context()) {
				switch {
				case err != nil:
					t.Fatal(err)
				case c.problem == "" && line.Fault != nil:
					t.Errorf("got %v", line.Fault)
				case c.problem != "" && (line.Fault == nil || !strings.Contains(line.Fault.Error(), c.problem)):
					t.Errorf("got %v, want %q in it", line.Fault, c.problem)
				}
			}
		})
	}
}

func TestProgressCountsBytes(t *testing.T) {
	set := open(t, map[string]string{"users.ndjson": ada + "\n"})
	users(t, set)
	if read, size := set.Progress(ports.UserRecords); read != int64(len(ada)+1) || size != read {
		t.Errorf("got %d of %d", read, size)
	}
}

func TestNamesWithoutAVisibleCharacterAreRejected(t *testing.T) {
	for name, text := range map[string]string{
		"users.ndjson": `{"username":"ada","email":"a@e.x","display_name":"\u200b","external_id":"\u00ad"}` + "\n",
		"users.csv":    "username,email,display_name,external_id\nada,a@e.x,\u3164,\u2060\n",
	} {
		line := users(t, open(t, map[string]string{name: text}))[0]
		if line.Fault == nil || len(domain.Failures(line.Fault)) != 2 || !strings.Contains(line.Fault.Error(), "display_name: is blank") {
			t.Errorf("%s: the problem is %v", name, line.Fault)
		}
	}
}
