package tool

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestCheckFindsSnapshotsThatDoNotFit(t *testing.T) {
	s := prepared(t)
	cases := []struct {
		name  string
		spoil func(t *testing.T, s *shop)
		want  []string
	}{
		{"a snapshot edited by hand", func(_ *testing.T, s *shop) {
			s.replace("store/snapshots/customers.find.json", `"postgres": "text"`, `"postgres": "citext"`)
		}, []string{"snapshots/customers.find.json: the snapshot can't be used: it was edited by hand or merged: run sqlcheck prepare"}},
		{"a merge conflict", func(_ *testing.T, s *shop) {
			s.write("store/snapshots/_schema.json", "<<<<<<< ours\n")
		}, []string{"snapshots/_schema.json: the snapshot can't be used: it was edited by hand"}},
		{"a snapshot under another name", func(t *testing.T, s *shop) {
			s.write("store/snapshots/customers.gone.json", readFile(t, s.path("store/snapshots/customers.find.json")))
		}, []string{
			`it is the snapshot of "customers.find"`,
			`customers.gone.json: orphaned snapshot: there is no query "customers.gone": run sqlcheck prepare`,
		}},
		{"no snapshot", func(t *testing.T, s *shop) {
			if err := os.Remove(s.path("store/snapshots/customers.visit.json")); err != nil {
				t.Fatal(err)
			}
		}, []string{`customers.go:36: query "customers.visit": it has no snapshot: run sqlcheck prepare`}},
		{"a text that changed", func(_ *testing.T, s *shop) {
			s.replace("store/customers.go", "visits + 1", "visits + 2")
		}, []string{`query "customers.visit": stale: the statement's text changed after the snapshot was written: run sqlcheck prepare`}},
		{"a variant that is new", func(_ *testing.T, s *shop) {
			s.replace("store/customers.go", `"visits", "email"`, `"visits", "email", "note"`)
		}, []string{"text changed in the variants Sort=note, Email Sort=note"}},
		{"a parameter that changed", func(_ *testing.T, s *shop) {
			s.replace("store/customers.go", "ID [16]byte }", "ID *[16]byte }")
		}, []string{`"customers.visit": stale: the parameters changed`}},
		{"a row that changed", func(_ *testing.T, s *shop) {
			s.replace("store/customers.go", "Visits int32", "Visits int64")
		}, []string{`"customers.find": stale: the row's fields changed: Visits int64`}},
		{"a generated file edited by hand", func(_ *testing.T, s *shop) {
			s.replace("store/sqlcheck_gen.go", "_ **string", "_  **string")
		}, []string{"sqlcheck_gen.go: the generated file was edited by hand"}},
		{"a generated file that is missing", func(t *testing.T, s *shop) {
			if err := os.Remove(s.path("store/sqlcheck_gen.go")); err != nil {
				t.Fatal(err)
			}
		}, []string{"sqlcheck_gen.go: the generated file is missing: run sqlcheck prepare"}},
		{"a migration that changed", func(_ *testing.T, s *shop) {
			s.replace("migrations/00001_shop.sql", "DEFAULT 0", "DEFAULT 1")
		}, []string{"00001_shop.sql: stale: this migration changed after the snapshots were written"}},
		{"a definition that is wrong", func(_ *testing.T, s *shop) {
			s.replace("store/customers.go", `"customers.visit"`, `"Customers"`)
		}, []string{`customers.go:36: query "Customers": a name is lower-case words`}},
		{"a variant that is wrong", func(_ *testing.T, s *shop) {
			s.replace("store/customers.go", `"email = ?", p.Email.V`, `"email LIKE ?", p.Email.V+"%"`)
		}, []string{`customers.go:22: query "customers.find" (2 of 4 variants): variant "Email Sort=visits": argument $1 (string)`}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s.reset(preparedShop)
			c.spoil(t, s)
			s.expect("check", findings, c.want...)
		})
	}
}

func TestCheckAsksForTheFirstPrepare(t *testing.T) {
	newShop(t).expect("check", findings, "_schema.json: the snapshot can't be used: it is missing: run sqlcheck prepare",
		`customers.go:22: query "customers.find": it has no snapshot: run sqlcheck prepare`)
}

func TestFindingsAreJSONForMachines(t *testing.T) {
	s := prepared(t)
	if err := os.RemoveAll(s.path("store/snapshots")); err != nil {
		t.Fatal(err)
	}
	out := s.expect("-json check", findings)
	var queries []string
	for line := range strings.Lines(out) {
		var f Finding
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if f.Query == "customers.find" && (f.Line != 22 || f.Problem != "it has no snapshot" || f.Fix != "run sqlcheck prepare") {
			t.Errorf("%+v", f)
		}
		queries = append(queries, f.Query)
	}
	if len(queries) != 4 {
		t.Errorf("findings of %q", queries)
	}
}
