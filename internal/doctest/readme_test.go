package doctest_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// shell runs a block's commands and returns what they print. An answer of 4xx
// or 5xx makes curl fail.
func shell(t *testing.T, script string, env ...string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c",
		"curl() { command curl --fail-with-body --silent --show-error \"$@\"; }\n"+script)
	command.Dir = t.TempDir()
	command.Env = append(os.Environ(), env...)
	var faults strings.Builder
	command.Stderr = &faults
	out, err := command.Output()
	if faults.Len() > 0 {
		t.Logf("stderr: %s", faults.String())
	}
	return string(out), err
}

// The server has no more rights than docs/operations.md grants.
func TestTheRequestsOfTheREADMEAreAnsweredAsItSays(t *testing.T) {
	r := newRoles(t)
	database, roster := r.as(t, r.template.Database(t), "serve"), program(t)
	url := serve(t, roster, database)
	here := strings.NewReplacer("http://127.0.0.1:3000", url, "bin/roster", roster)
	all := blocks(t, "README.md")
	requests := 0
	for i, each := range all {
		if !strings.HasPrefix(each.info, "sh") {
			continue
		}
		requests += strings.Count(each.text, "curl ")
		out, err := shell(t, here.Replace(each.text), "DATABASE_URL="+database)
		if refused := each.info == "sh refused"; refused != (err != nil) {
			t.Errorf("README.md:%d: %v: %s", each.line, err, out)
		}
		if bad := notJSON(out); bad != nil && strings.Contains(each.text, "curl ") {
			t.Errorf("README.md:%d: the answer is not JSON: %v: %s", each.line, bad, out)
		}
		if i+1 < len(all) && all[i+1].info == "json" && settled(out) != settled(all[i+1].text) {
			t.Errorf("README.md:%d: the answer is\n%s\nand not\n%s", all[i+1].line, out, all[i+1].text)
		}
	}
	if out, _ := shell(t, `curl "$url/reports/engagement?from=2025-07-01T00:00:00Z&to=2026-01-01T00:00:00Z"`, "url="+url); len(out) < 100 {
		t.Errorf("the imported directory's report is %s", out)
	}
	if requests < 8 {
		t.Errorf("README.md shows %d requests; each of the API's seven should be there, and one that is refused", requests)
	}
}

// notJSON returns nil where text is JSON values in a row.
func notJSON(text string) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	for {
		var value any
		if err := decoder.Decode(&value); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

var changing = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[0-9:.]+Z|\s+`)

// settled is an answer without white space, and without what each run makes
// again: ids and times.
func settled(answer string) string { return changing.ReplaceAllString(answer, "") }

var figure = regexp.MustCompile(`\d[\d,.]*\d`)

// The README's comparison has no figure of its own.
func TestTheFiguresOfTheREADMEAreMeasured(t *testing.T) {
	_, rest, _ := strings.Cut(read(t, "README.md"), "\n| | Roster |")
	table, _, _ := strings.Cut(rest, "\n\n")
	measured := names{}
	measured.add(figure.FindAllString(read(t, "docs/benchmarks.md"), -1)...)
	count := 0
	for _, each := range figure.FindAllString(table, -1) {
		count++
		if !measured[each] && each != "500" && each != "99" {
			t.Errorf("README.md compares by %s, which docs/benchmarks.md does not have", each)
		}
	}
	if count < 15 {
		t.Errorf("README.md compares by %d figures", count)
	}
}
