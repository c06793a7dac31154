package tool

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestColoursAreForTerminals(t *testing.T) {
	f := []Finding{{File: "a.go", Line: 3, Query: "a.b", Variants: 1, Of: 2, Problem: "it is wrong", Cause: "is it?", Fix: "fix it"}}
	for coloured, want := range map[bool]string{
		false: "a.go:3: query \"a.b\" (1 of 2 variants): it is wrong; is it?: fix it\n",
		true:  "\x1b[1ma.go:3:\x1b[0m \x1b[31mquery \"a.b\" (1 of 2 variants): it is wrong; is it?: fix it\x1b[0m\n",
	} {
		var out bytes.Buffer
		if err := (printer{out: &out, coloured: coloured}).print(f); !errors.Is(err, errFindings) {
			t.Error(err)
		}
		if out.String() != want {
			t.Errorf("printed %q", out.String())
		}
	}
}

func TestAnnotationsAreForGitHub(t *testing.T) {
	dir, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GITHUB_WORKSPACE", dir)
	f := Finding{File: "a,b.go", Line: 3, Column: 5, Query: "a.b", Problem: "100% is\nwrong"}
	var out bytes.Buffer
	if err := (printer{out: &out, github: true}).print([]Finding{f}); !errors.Is(err, errFindings) {
		t.Error(err)
	}
	if want := "::error file=tool/a%2Cb.go,line=3,col=5::query \"a.b\": 100%25 is%0Awrong\n"; out.String() != want {
		t.Errorf("printed %q", out.String())
	}
}

func TestWrongUseIsAnError(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		config string
		args   []string
		want   string
	}{
		{"", []string{"check", dir}, "sqlcheck.json"},
		{`{}`, []string{"check", dir}, `"migrations" names no folder`},
		{`{"migration": "x"}`, []string{"check", dir}, `unknown field "migration"`},
		{`{"migrations": "."}`, []string{"check", dir}, "holds no migrations"},
		{`{"migrations": "."}`, []string{"chekc", dir}, `unknown command "chekc"`},
		{`{"migrations": "."}`, []string{"check", dir, "more"}, `unexpected argument "more"`},
		{`{"migrations": ".", "locks": "x"}`, []string{"check", dir}, `unknown field "locks"`},
		{`{"migrations": "."}`, []string{}, "missing command"},
		{`{"migrations": "."}`, []string{"-colour", "check"}, "flag provided but not defined: -colour: sqlcheck help"},
	} {
		if c.config != "" {
			if err := os.WriteFile(dir+"/sqlcheck.json", []byte(c.config), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var out, errs bytes.Buffer
		if status := Main(t.Context(), c.args, &out, &errs, start); status != failed {
			t.Errorf("%q: exit status %d", c.args, status)
		}
		has(t, strings.Join(c.args, " "), errs.String(), c.want)
	}
}

func TestTheHelpExplainsEachCommandAndItsFlags(t *testing.T) {
	help := func(args ...string) string {
		var out, errs bytes.Buffer
		if status := Main(t.Context(), args, &out, &errs, start); status != allWell || errs.Len() > 0 {
			t.Errorf("%q: exit status %d: %s", args, status, errs.String())
		}
		return out.String()
	}
	overview := help("help")
	for _, args := range [][]string{{"-h"}, {"--help"}} {
		if got := help(args...); got != overview {
			t.Errorf("%q prints %s", args, got)
		}
	}
	for _, c := range commands() {
		has(t, "help", overview, "  "+c.name, c.summary)
		explained := help("help", c.name)
		has(t, c.name, explained, "usage: sqlcheck "+c.name+" [flags] "+c.operands, c.details)
		for _, f := range c.flags {
			has(t, c.name, explained, "  "+f.flag, f.text)
			if name, _, _ := strings.Cut(f.flag[1:], " "); (&options{}).flags().Lookup(name) == nil {
				t.Errorf("%s explains %s, which is no flag", c.name, f.flag)
			}
		}
		for _, args := range [][]string{{c.name, "-h"}, {c.name, "--help"}, {c.name, "x", "-help"}} {
			if got := help(args...); got != explained {
				t.Errorf("%q prints %s", args, got)
			}
		}
	}
	for line := range strings.Lines(overview) {
		if len(line) > 81 {
			t.Errorf("wider than a terminal: %s", line)
		}
	}
}

func TestFlagsMayStandAnywhere(t *testing.T) {
	for _, args := range [][]string{
		{"-accept", "-database", "x", "plans", "dir"},
		{"plans", "-accept", "dir", "-database=x"},
		{"plans", "dir", "--accept", "--database", "x"},
	} {
		var o options
		c, operands, err := o.parse(args)
		if err != nil || c.name != "plans" || strings.Join(operands, " ") != "dir" || !o.accept || o.database != "x" {
			t.Errorf("%q: %+v, %q, %+v, %v", args, c, operands, o, err)
		}
	}
}
