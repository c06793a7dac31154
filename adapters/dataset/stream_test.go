package dataset_test

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/dataset"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// arriving is a stream that returns one piece a Read, and pauses before each empty
// piece.
type arriving struct{ pieces []string }

func (a *arriving) Ahead() bool { return len(a.pieces) == 0 || a.pieces[0] != "" }

func (a *arriving) Read(p []byte) (int, error) {
	for len(a.pieces) > 0 && a.pieces[0] == "" {
		a.pieces = a.pieces[1:]
	}
	if len(a.pieces) == 0 {
		return 0, io.EOF
	}
	n := copy(p, a.pieces[0])
	if a.pieces[0] = a.pieces[0][n:]; a.pieces[0] == "" {
		a.pieces = a.pieces[1:]
	}
	return n, nil
}

const eve = `{"username":"eve","email":"eve@example.com"}`

func TestAStreamTellsOfItsPauses(t *testing.T) {
	const csv = "username,email\n"
	for name, c := range map[string]struct {
		format dataset.Format
		pieces []string
		want   []bool
	}{
		"none":                     {dataset.NDJSON, []string{ada + "\n" + eve + "\n"}, []bool{false, false}},
		"between two lines":        {dataset.NDJSON, []string{ada + "\n", "", eve + "\n"}, []bool{true, false}},
		"in the middle of a line":  {dataset.NDJSON, []string{ada + "\n" + eve[:9], "", eve[9:]}, []bool{true, false}},
		"a line in two pieces":     {dataset.NDJSON, []string{ada + "\n" + eve[:9], eve[9:] + "\n"}, []bool{false, false}},
		"after a blank line":       {dataset.NDJSON, []string{ada + "\n\r\n\n", "", eve}, []bool{true, false}},
		"at the end":               {dataset.NDJSON, []string{ada + "\n" + eve + "\n", "", "\n"}, []bool{false, true}},
		"between two records":      {dataset.CSV, []string{csv + "ada,ada@example.com\n", "", "eve,eve@example.com\n"}, []bool{true, false}},
		"after the header, of CSV": {dataset.CSV, []string{csv, "", "ada,ada@example.com\n"}, []bool{false}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []bool
			for line, err := range dataset.ReadStream(&arriving{c.pieces}, c.format).Users(t.Context()) {
				if err != nil || line.Fault != nil {
					t.Fatal(err, line.Fault)
				}
				got = append(got, line.Pause)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("pauses %v, want %v", got, c.want)
			}
		})
	}
}

func TestALineOfAStreamHasALimit(t *testing.T) {
	at := func(n int) string { return ada[:len(ada)-1] + strings.Repeat(" ", n-len(ada)) + "}" }
	text := at(dataset.MaxStreamLine) + "\r\n" + at(dataset.MaxStreamLine+1) + "\n" + strings.Repeat("x", 1<<20) + "\n" + eve
	var faults []bool
	for line, err := range dataset.ReadStream(strings.NewReader(text), dataset.NDJSON).Users(t.Context()) {
		if err != nil || line.Size > dataset.MaxStreamLine {
			t.Fatal(err, line.Size)
		}
		faults = append(faults, line.Fault != nil)
	}
	if !slices.Equal(faults, []bool{false, true, true, false}) {
		t.Errorf("at fault: %v", faults)
	}
}

func TestABadHeaderOfAStreamIsInvalid(t *testing.T) {
	for _, header := range []string{"username,emial\n", "username,username\n", "user\"name\n", "\xff\n"} {
		for _, err := range dataset.ReadStream(strings.NewReader(header), dataset.CSV).Users(t.Context()) {
			if !errors.Is(err, domain.Invalid) {
				t.Errorf("%q: %v", header, err)
			}
		}
	}
}

func TestALineThatIsNullIsNoObject(t *testing.T) {
	for line, err := range dataset.ReadStream(strings.NewReader(" null\n"), dataset.NDJSON).Users(t.Context()) {
		if err != nil || line.Fault == nil || !strings.Contains(line.Fault.Error(), "is not a JSON object") {
			t.Errorf("%v", line.Fault)
		}
	}
}

func TestMissingFieldsAreNamed(t *testing.T) {
	for line, err := range dataset.ReadStream(strings.NewReader(`{"name":"A"}`), dataset.NDJSON).Organizations(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		var fields []string
		for _, failure := range domain.Failures(line.Fault) {
			if failure.Reason != domain.ReasonMissing || failure.Detail != "is required" {
				t.Errorf("%v", failure)
			}
			fields = append(fields, failure.Field)
		}
		if !slices.Equal(fields, []string{"slug", "plan"}) {
			t.Errorf("missing are %v", fields)
		}
	}
}

// fuzz reads any text. Each line must have a fault, or be a record that is read
// again as it was written.
func fuzz(f *testing.F, format dataset.Format) {
	f.Fuzz(func(t *testing.T, text string) {
		var out strings.Builder
		to, err := dataset.WriteStream(&out, format, ports.UserRecords)
		if err != nil {
			t.Fatal(err)
		}
		var records []ports.UserRecord
		last := int64(0)
		for line, err := range dataset.ReadStream(bufio.NewReader(strings.NewReader(text)), format).Users(t.Context()) {
			if err != nil {
				return // the header is wrong
			}
			if line.Number <= last {
				t.Fatalf("line %d follows line %d", line.Number, last)
			}
			if last = line.Number; line.Fault == nil {
				if line.Record.ID.IsZero() { // only a directory's records are written
					line.Record.ID[15] = 1
				}
				records = append(records, line.Record)
				if err := to.WriteUser(line.Record); err != nil {
					t.Fatal(err)
				}
			} else if len(domain.Failures(line.Fault)) == 0 {
				t.Fatalf("line %d: %v is of no kind", line.Number, line.Fault)
			}
		}
		if err := to.Flush(); err != nil {
			t.Fatal(err)
		}
		i := 0
		for line, err := range dataset.ReadStream(strings.NewReader(out.String()), format).Users(t.Context()) {
			if err != nil || line.Fault != nil || i >= len(records) {
				t.Fatalf("record %d became %+v (%v, %v)", i, line, err, line.Fault)
			}
			got, want := line.Record, records[i]
			if got.Username != want.Username || got.DisplayName != want.DisplayName || got.Attributes != want.Attributes {
				t.Fatalf("record %d became %+v", i, line)
			}
			i++
		}
		if i != len(records) {
			t.Fatalf("%d of %d records were read again", i, len(records))
		}
	})
}

func FuzzNDJSON(f *testing.F) {
	for _, seed := range []string{
		"", "\n\n", "null", ada, ada + "\r\n" + eve, `{"username":"a","username":"b"}`,
		`{"username":"zoe","email":"z@e.com","attributes":{"a":[1,null]},"version":4,"deleted_at":"2026-01-01T00:00:00Z"}`,
		"\xef\xbb\xbf" + ada, "\xff", strings.Repeat("[", 20000),
	} {
		f.Add(seed)
	}
	fuzz(f, dataset.NDJSON)
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"", header, header + "ada,ada@example.com,\"{\"\"a\"\": 1}\",\"A, \"\"B\"\"\"\r\n", "\xef\xbb\xbf" + header + "a,a@b.c,,",
		header + "\"open\nada,a@b.c,,\n", "username,email,version\na,a@b.c,x\n", "\"user\nname\",email\n", "\xff",
	} {
		f.Add(seed)
	}
	fuzz(f, dataset.CSV)
}
