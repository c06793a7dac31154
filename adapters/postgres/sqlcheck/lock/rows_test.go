package lock_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/lock"
)

func TestGoTypesAreWrittenWithTheirPaths(t *testing.T) {
	for want, typ := range map[string]reflect.Type{
		"[16]uint8":                   reflect.TypeFor[[16]byte](),
		"*string":                     reflect.TypeFor[*string](),
		"[]*encoding/json.RawMessage": reflect.TypeFor[[]*json.RawMessage](),
		"time.Time":                   reflect.TypeFor[time.Time](),
	} {
		if got := lock.GoType(typ); got != want {
			t.Errorf("%v is %q, not %q", typ, got, want)
		}
	}
}

func TestAssertionsReadEachField(t *testing.T) {
	rows := []lock.Rows{
		{Type: "user", Flat: true, Queries: []string{"users.find", "users.list"}, Fields: []lock.Field{
			{Name: "Email", Go: "string", Column: "email"},
			{Name: "Data", Go: "*encoding/json.RawMessage", Column: "data"},
			{Name: "Other", Go: "example.com/other/json.Thing", Column: "other"},
			{Name: "Kind", Go: "example.com/store.Kind", Column: "kind"},
		}},
		{Type: "member", Queries: []string{"members"}, Fields: []lock.Field{{Name: "Role", Go: "string", Column: "role"}}},
	}
	got, err := lock.Assertions("// Code generated.", lock.Package{
		Path: "example.com/store", Name: "store", Rows: rows, Misfits: []lock.Misfit{{Query: "users.find", File: "users.go", Line: 7}},
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = `// Code generated.

package store

import (
	"encoding/json"
	json2 "example.com/other/json"
)

// user is a row of users.find, users.list.
type lockedUser = struct {
	Email string           ` + "`db:\"email\"`" + `
	Data  *json.RawMessage ` + "`db:\"data\"`" + `
	Other json2.Thing      ` + "`db:\"other\"`" + `
	Kind  Kind             ` + "`db:\"kind\"`" + `
}

func _(r user) {
	var (
		_ *string           = &r.Email
		_ **json.RawMessage = &r.Data
		_ *json2.Thing      = &r.Other
		_ *Kind             = &r.Kind
		_ lockedUser        = r
	)
}

// member is a row of members.
func _(r member) {
	var (
		_ *string = &r.Role
	)
}

//line users.go:7
var _ = query_users_find_does_not_fit_the_schema
`
	if string(got) != want {
		t.Errorf("got\n%s", got)
	}
}

func TestRowsAreGatheredFromQueries(t *testing.T) {
	find, list, none := example(), example(), lock.Query{Name: "users.delete"}
	list.Name = "users.list"
	queries := map[string]lock.Query{"users.list": list, "users.find": find, "users.delete": none}
	needed := []lock.Field{{Name: "EmailAddress", Go: "string", Column: "email_address"}}
	got := lock.RowsOf(queries, func(q lock.Query) []lock.Field {
		if q.Name == "users.find" {
			return needed
		}
		return q.Row.Fields
	})
	rows := got["example.com/store"]
	if len(got) != 1 || len(rows) != 1 {
		t.Fatalf("got %+v", got)
	}
	if r := rows[0]; r.Type != "user" || !slices.Equal(r.Queries, []string{"users.find", "users.list"}) || !slices.Equal(r.Fields, needed) {
		t.Errorf("got %+v", r)
	}
}
