package doctest_test

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"testing"
)

const (
	records     = "docs/adr"
	recordIndex = records + "/README.md"
)

var (
	recordName  = regexp.MustCompile(`^(\d{4})-[a-z0-9-]+\.md$`)
	recordHead  = regexp.MustCompile(`^# (\d{4}): (\S.*)\n\n- Status: (.*)\n- Date: \d{4}-\d\d-\d\d\n\n## Context\n`)
	superseding = regexp.MustCompile(`^Superseded by \[(\d{4})\]\((\S+)\)$`)
)

// record is an architecture decision record.
type record struct{ file, number, title, status string }

// parseRecord reads the form that all records have. The error says what differs.
func parseRecord(file, text string) (record, error) {
	name := recordName.FindStringSubmatch(file)
	if name == nil {
		return record{}, fmt.Errorf("name it NNNN-words-of-the-title.md")
	}
	head := recordHead.FindStringSubmatch(text)
	if head == nil {
		return record{}, fmt.Errorf("begin with %q", "# NNNN: Title\n\n- Status: Accepted\n- Date: YYYY-MM-DD\n\n## Context\n")
	}
	r := record{file, head[1], head[2], head[3]}
	if r.number != name[1] {
		return r, fmt.Errorf("the title has the number %s, the file %s", r.number, name[1])
	}
	if r.status != "Accepted" && !superseding.MatchString(r.status) {
		return r, fmt.Errorf("the status is %q: write Accepted, or Superseded by [NNNN](file)", r.status)
	}
	at := 0
	for _, section := range []string{"\n## Context\n", "\n## Decision\n", "\n## Consequences\n"} {
		next := strings.Index(text, section)
		if next < at || strings.Count(text, section) != 1 {
			return r, fmt.Errorf("it has no %s, or not once and in order", strings.TrimSpace(section))
		}
		at = next
	}
	return r, nil
}

func recordsOf(t *testing.T) []record {
	t.Helper()
	var found []record
	for _, name := range documents(t) {
		if path.Dir(name) != records || name == recordIndex {
			continue
		}
		r, err := parseRecord(path.Base(name), read(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if want := fmt.Sprintf("%04d", len(found)+1); r.number != want {
			t.Errorf("%s: the record before it is %04d; number it %s", name, len(found), want)
		}
		found = append(found, r)
	}
	return found
}

func TestDecisionsHaveOneForm(t *testing.T) {
	all := recordsOf(t)
	for _, r := range all {
		by := superseding.FindStringSubmatch(r.status)
		if by == nil {
			continue
		}
		if r.number >= by[1] || !strings.HasPrefix(by[2], by[1]+"-") {
			t.Errorf("%s/%s: it is superseded by %s in %s: name a later record", records, r.file, by[1], by[2])
		} else if newer := read(t, path.Join(records, by[2])); !strings.Contains(newer, "("+r.file+")") {
			t.Errorf("%s/%s: it supersedes %s: link to it", records, by[2], r.file)
		}
	}
}

func TestTheIndexOfDecisionsIsThatOfTheirFiles(t *testing.T) {
	var table strings.Builder
	table.WriteString("| number | decision | status |\n|---|---|---|\n")
	for _, r := range recordsOf(t) {
		fmt.Fprintf(&table, "| %s | [%s](%s) | %s |\n", r.number, r.title, r.file, r.status)
	}
	if !strings.Contains(read(t, recordIndex), table.String()) {
		t.Errorf("%s has another table than this:\n%s", recordIndex, table.String())
	}
}

func TestDecisionsOfAnotherFormAreFound(t *testing.T) {
	const right = "# 0001: Why\n\n- Status: Accepted\n- Date: 2026-01-31\n\n## Context\nA\n\n## Decision\nB\n\n## Consequences\nC\n"
	if _, err := parseRecord("0001-why.md", right); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct{ file, text, want string }{
		"another name":     {"why.md", right, "name it NNNN"},
		"another number":   {"0002-why.md", right, "the title has the number 0001"},
		"no date":          {"0001-why.md", strings.Replace(right, "- Date: 2026-01-31\n", "", 1), "begin with"},
		"another status":   {"0001-why.md", strings.Replace(right, "Accepted", "Proposed", 1), "the status is"},
		"no such section":  {"0001-why.md", strings.Replace(right, "## Decision", "## Choice", 1), "it has no ## Decision"},
		"another order":    {"0001-why.md", strings.Replace(right+"\n## Decision\n", "## Decision", "## X", 1), "it has no ## Consequences"},
		"superseded by no": {"0001-why.md", strings.Replace(right, "Accepted", "Superseded", 1), "the status is"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parseRecord(c.file, c.text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
