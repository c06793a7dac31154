package released

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
)

// File is the name of the file in the folder of a release.
const File = "queries.json"

// errEdited is the error of a file that is not as it was written.
var errEdited = errors.New("it was edited by hand or merged")

// Read reads the release in a folder.
func Read(folder string) (r Release, err error) {
	path := filepath.Join(folder, File)
	text, err := os.ReadFile(path)
	if err != nil {
		return r, fmt.Errorf("reading the last release: %w", err)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("%s: %w: %w", path, errEdited, err)
	}
	again, err := sealed(r)
	if err != nil {
		return r, err
	}
	if !bytes.Equal(again, text) {
		return r, fmt.Errorf("%s: %w: take it from the commit of %s", path, errEdited, r.Version)
	}
	return r, nil
}

// Write writes the release into a folder.
func (r Release) Write(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	text, err := sealed(r)
	if err != nil {
		return err
	}
	return snapshot.WriteFile(filepath.Join(folder, File), text)
}

// sealed is the release as JSON, with the checksum of itself.
func sealed(r Release) ([]byte, error) {
	r.Sum = ""
	text, err := r.lines()
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(text)
	r.Sum = hex.EncodeToString(digest[:16])
	return r.lines()
}

// lines is JSON with each table and each query on a line, so that a change is a
// small diff.
func (r Release) lines() ([]byte, error) {
	var b bytes.Buffer
	head, err := compact(map[string]any{"version": r.Version, "postgres": r.Postgres, "migrations": r.Migrations})
	if err != nil {
		return nil, err
	}
	b.Write(bytes.TrimSuffix(head, []byte("}")))
	if err := list(&b, "tables", r.Tables); err != nil {
		return nil, err
	}
	if err := list(&b, "queries", r.Queries); err != nil {
		return nil, err
	}
	fmt.Fprintf(&b, ",\n\"sum\":%q}\n", r.Sum)
	return b.Bytes(), nil
}

func list[T any](b *bytes.Buffer, name string, all []T) error {
	fmt.Fprintf(b, ",\n%q:[", name)
	for i, each := range all {
		text, err := compact(each)
		if err != nil {
			return err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(text)
	}
	b.WriteString("\n]")
	return nil
}

// compact is JSON on one line that leaves <, > and & alone, which SQL is full of.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// file is a query as the file has it: its texts share their lines and arguments,
// of which statements have the numbers.
type file struct {
	Query      string      `json:"query"`
	Results    []Result    `json:"results,omitempty"`
	Lines      []string    `json:"lines"`
	Args       []Arg       `json:"args,omitempty"`
	Statements []numbering `json:"statements"`
}

type numbering struct {
	Text []int `json:"text"`
	Args []int `json:"args,omitempty"`
}

// MarshalJSON shares the lines.
func (q Query) MarshalJSON() ([]byte, error) {
	f := file{Query: q.Name, Results: q.Results}
	for _, s := range q.Statements {
		var n numbering
		for _, line := range snapshot.Text(s.Text).Lines() {
			n.Text = append(n.Text, numberOf(&f.Lines, line))
		}
		for _, a := range s.Args {
			n.Args = append(n.Args, numberOf(&f.Args, a))
		}
		f.Statements = append(f.Statements, n)
	}
	return compact(f)
}

// numberOf is where a value is in a list, to which it is added if it is new.
func numberOf[T comparable](all *[]T, value T) int {
	if i := slices.Index(*all, value); i >= 0 {
		return i
	}
	*all = append(*all, value)
	return len(*all) - 1
}

// UnmarshalJSON puts the texts together.
func (q *Query) UnmarshalJSON(text []byte) error {
	var f file
	if err := json.Unmarshal(text, &f); err != nil {
		return err
	}
	*q = Query{Name: f.Query, Results: f.Results}
	for _, n := range f.Statements {
		var s Statement
		for _, i := range n.Text {
			if i < 0 || i >= len(f.Lines) {
				return errEdited
			}
			s.Text += f.Lines[i]
		}
		for _, i := range n.Args {
			if i < 0 || i >= len(f.Args) {
				return errEdited
			}
			s.Args = append(s.Args, f.Args[i])
		}
		q.Statements = append(q.Statements, s)
	}
	return nil
}
