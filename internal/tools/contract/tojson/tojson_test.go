package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestYAMLBecomesJSON(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"fields keep their order", "b: 1\na: 2\n", `{"b":1,"a":2}`},
		{"lists", "- a\n- [b, c]\n", `["a",["b","c"]]`},
		{"aliases are written out", "a: &x {k: v}\nb: *x\n", `{"a":{"k":"v"},"b":{"k":"v"}}`},
		{"words of YAML", "a: true\nb: null\nc: 1.5\nd: 'true'\n", `{"a":true,"b":null,"c":1.5,"d":"true"}`},
		{"times are text", "a: 2026-01-01T00:00:00Z\n", `{"a":"2026-01-01T00:00:00Z"}`},
		{"signs of HTML stay", "a: <b> & c\n", `{"a":"<b> & c"}`},
		{"numbers as names are text", "200: ok\n", `{"200":"ok"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := toJSON([]byte(c.source))
			if err != nil || string(got) != c.want+"\n" {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
}

func TestInvalidDocumentsAreRefused(t *testing.T) {
	for _, source := range []string{"", "a: [", "a: &x {k: v}\nb:\n  <<: *x\n", "? [a]\n: b\n", "a: .inf\n"} {
		if got, err := toJSON([]byte(source)); err == nil {
			t.Errorf("%q became %s", source, got)
		}
	}
}

func TestFilesAreReadAndWritten(t *testing.T) {
	source, target := filepath.Join(t.TempDir(), "a.yaml"), filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(source, []byte("a: b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{source, target}); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(target); err != nil || string(got) != "{\"a\":\"b\"}\n" {
		t.Errorf("wrote %s, %v", got, err)
	}
	for _, args := range [][]string{nil, {source}, {source + "x", target}} {
		if err := run(args); err == nil {
			t.Errorf("%q was no error", strings.Join(args, " "))
		}
	}
}
