package schema

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/roster-directory/roster/migrations"
)

// functions compares the functions and finds missing tables: a function that was
// dropped may have taken columns, constraints and triggers with it.
func (c *comparison) functions() {
	for i := range c.want.Functions {
		w := &c.want.Functions[i]
		l := c.function(w)
		switch {
		case c.newer && (l != nil || !w.Used):
		case l == nil:
			c.add(brokenBy(w.Used), functionObject(w), "is missing", append(createFunction(w), c.grantOf(w)...)...)
		case l.Result != w.Result || l.Parameters != w.Parameters || l.Kind != w.Kind:
			fix := append([]string{"DROP " + routine(l) + " " + qualified(w.Name) + "(" + w.Arguments + ");"}, createFunction(w)...)
			c.add(brokenBy(w.Used), functionObject(w),
				fmt.Sprintf("is (%s) %s instead of (%s) %s", l.Parameters, l.Result, w.Parameters, w.Result), append(fix, c.grantOf(w)...)...)
		default:
			c.body(w, l)
		}
	}
	for i := range c.want.Tables {
		if c.table(c.want.Tables[i].Name) == nil {
			c.missingTable(&c.want.Tables[i])
		}
	}
}

// body compares what a function does.
func (c *comparison) body(w, l *Function) {
	severity := Warning
	var differ []string
	if w.Definer != l.Definer {
		differ = append(differ, "whose rights it runs with")
		if w.Definer && !c.live.Owns {
			severity = Fails
		}
	}
	for what, other := range map[string]bool{
		"its body":       w.Body != l.Body || w.Language != l.Language,
		"its settings":   !slices.Equal(w.Settings, l.Settings),
		"its volatility": w.Volatility != l.Volatility || w.Strict != l.Strict || w.Parallel != l.Parallel,
	} {
		if other {
			differ = append(differ, what)
		}
	}
	if len(differ) > 0 {
		slices.Sort(differ)
		c.add(severity, functionObject(w), "is changed: "+strings.Join(differ, ", "), createFunction(w)...)
	}
}

// createFunction returns the statement of the newest migration that makes a function.
func createFunction(w *Function) []string {
	all, err := migrations.All()
	if err != nil {
		return nil // Expected is of these migrations
	}
	for _, m := range slices.Backward(all) {
		text, err := migrations.Files.ReadFile(m.File)
		if err != nil {
			continue
		}
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		if statement := makes(up, w.Name); statement != "" {
			return []string{"-- of migrations/" + m.File + "\n" + statement}
		}
	}
	return nil
}

// makes is the last statement of a migration that makes a function: CREATE FUNCTION, or
// the block that executes it.
func makes(up, name string) string {
	header := regexp.MustCompile(`(?m)^( *)CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE) roster\.` + regexp.QuoteMeta(name) + `\(`)
	at := header.FindAllStringSubmatchIndex(up, -1)
	if len(at) == 0 {
		return ""
	}
	start, indented := at[len(at)-1][0], at[len(at)-1][3] > at[len(at)-1][2]
	if indented {
		const begin = "-- +goose StatementBegin\n"
		block := up[strings.LastIndex(up[:start], begin)+len(begin):]
		block, _, _ = strings.Cut(block, "\n-- +goose StatementEnd")
		return block
	}
	statement := first(up[start:])
	if strings.HasPrefix(statement, "CREATE OR REPLACE") {
		return statement
	}
	return "CREATE OR REPLACE" + strings.TrimPrefix(statement, "CREATE")
}

var quoted = regexp.MustCompile(`(?s)\$\$.*?\$\$|'(?:[^']|'')*'|;`)

// first is the first statement of a text.
func first(text string) string {
	for _, at := range quoted.FindAllStringIndex(text, -1) {
		if text[at[0]] == ';' {
			return text[:at[1]]
		}
	}
	return text
}
