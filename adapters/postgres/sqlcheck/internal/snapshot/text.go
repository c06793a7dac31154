package snapshot

import (
	"encoding/json"
	"regexp"
	"strings"
)

// Text is a statement. In JSON it is a list of lines, which together are the
// statement again.
type Text string

// lineStart is where a statement is broken: after a line's end, and before
// the words that begin a clause.
var lineStart = regexp.MustCompile(`\n| (?:FROM|(?:LEFT |RIGHT |FULL |CROSS )?JOIN|WHERE|AND|GROUP BY|HAVING|UNION|` +
	`ORDER BY|LIMIT|OFFSET|SET|VALUES|ON CONFLICT|RETURNING)\b`)

// Lines are the lines of which the statement is made.
func (t Text) Lines() []string {
	var lines []string
	start := 0
	for _, at := range lineStart.FindAllStringIndex(string(t), -1) {
		lines = append(lines, string(t[start:at[0]+1]))
		start = at[0] + 1
	}
	return append(lines, string(t[start:]))
}

// MarshalJSON writes the lines.
func (t Text) MarshalJSON() ([]byte, error) { return marshal(t.Lines()) }

// UnmarshalJSON puts the lines together.
func (t *Text) UnmarshalJSON(text []byte) error {
	var lines []string
	if err := json.Unmarshal(text, &lines); err != nil {
		return err
	}
	*t = Text(strings.Join(lines, ""))
	return nil
}
