package dataset_test

import (
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/dataset"
)

const header = "username,email,attributes,display_name\n"

func TestCSVHoldsTheSameFields(t *testing.T) {
	lines := users(t, open(t, map[string]string{
		"users.csv": "\xef\xbb\xbfemail,username,attributes,version\r\n" +
			"ada@example.com,ada,\"{\n\"\"a\"\": 1}\",3\r\n\r\neve@example.com,eve,,\r\n",
	}))
	if len(lines) != 2 || lines[0].Fault != nil || lines[1].Fault != nil {
		t.Fatalf("got %+v", lines)
	}
	if lines[0].Number != 2 || lines[1].Number != 5 {
		t.Errorf("numbers %d and %d, want 2 and 5", lines[0].Number, lines[1].Number)
	}
	u := lines[0].Record
	if u.Username.String() != "ada" || u.Attributes.String() != `{"a":1}` || u.Version != 3 {
		t.Errorf("got %+v", u)
	}
	if lines[1].Record.HasAttributes || lines[1].Record.Version != 0 {
		t.Errorf("an empty cell is a field: %+v", lines[1].Record)
	}
}

func TestABadCSVRecordIsNamed(t *testing.T) {
	for name, c := range map[string]struct{ record, problem string }{
		"too few cells":            {"bob,bob@example.com", "has 2 cells, and the header 4"},
		"a stray quote":            {`bob,"bob"@example.com,,`, "is not CSV"},
		"attributes that are none": {`bob,bob@example.com,x,`, "attributes: is not JSON"},
		"invalid UTF-8":            {"bob,bob@example.com,,\xff", "UTF-8"},
		"an open quote":            {`bob,bob@example.com,,"B`, "quote that is not closed"},
		"a bad email":              {`bob,bob,,`, "email"},
	} {
		t.Run(name, func(t *testing.T) {
			lines := users(t, open(t, map[string]string{"users.csv": header + c.record + "\nada,ada@example.com,,\n"}))
			if len(lines) != 2 || lines[0].Fault == nil || lines[0].Text != c.record {
				t.Fatalf("got %+v", lines)
			}
			if got := lines[0].Fault.Error(); !strings.Contains(got, c.problem) {
				t.Errorf("got %q, want %q in it", got, c.problem)
			}
			if lines[1].Fault != nil || lines[1].Number != 3 {
				t.Errorf("the record after: %+v", lines[1])
			}
		})
	}
}

func TestAnOpenQuoteDoesNotSwallowTheFile(t *testing.T) {
	text := header + "bob,bob@example.com,,\"B\n" + strings.Repeat("ada,ada@example.com,,\n", 3000)
	lines := users(t, open(t, map[string]string{"users.csv": text}))
	if len(lines) != 3001 || lines[0].Fault == nil || lines[1].Fault != nil || lines[3000].Number != 3002 {
		t.Errorf("%d records of 3001, the first two %v and %v", len(lines), lines[0].Fault, lines[1].Fault)
	}
}

func TestABadHeaderEndsTheImport(t *testing.T) {
	for name, c := range map[string]struct{ text, problem string }{
		"an unknown field": {"username,emial\n", `users.csv: the header names the unknown field "emial"`},
		"a field twice":    {"username,username\n", "twice"},
		"no CSV":           {"user\"name\n", "the header"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := dataset.Open(folder(t, map[string]string{"users.csv": c.text}), "")
			if err == nil || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("got %v, want %q in it", err, c.problem)
			}
		})
	}
}

func TestAnEmptyCSVFileHoldsNothing(t *testing.T) {
	if lines := users(t, open(t, map[string]string{"users.csv": ""})); len(lines) != 0 {
		t.Errorf("got %+v", lines)
	}
}

func TestACSVLineHasALimit(t *testing.T) {
	long := strings.Repeat("x", dataset.MaxLine+10)
	lines := users(t, open(t, map[string]string{"users.csv": header + long + "\nada,ada@example.com,,\n"}))
	if len(lines) != 2 || lines[0].Fault == nil || lines[1].Fault != nil {
		t.Errorf("got %d records", len(lines))
	}
}
