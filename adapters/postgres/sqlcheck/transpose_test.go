package sqlcheck_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

type insertUser struct {
	ID          [16]byte
	ExternalID  *string
	Username    string
	Email       string
	DisplayName string
	Attributes  json.RawMessage
	Status      string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Version     int64
}

type insertUsers struct {
	ID          [][16]byte
	ExternalID  []string
	Username    []string
	Email       []string
	DisplayName []string
	Attributes  []string
	Status      []string
	CreatedAt   []time.Time
	UpdatedAt   []time.Time
	Version     []int64
}

var insertUsersOf = sqlcheck.Transpose[insertUser, insertUsers]()

// insertUsersByHand is what Transpose spares its caller.
func insertUsersByHand(all []insertUser) (p insertUsers) {
	for _, in := range all {
		p.ID = append(p.ID, in.ID)
		p.ExternalID = append(p.ExternalID, orZero(in.ExternalID))
		p.Username = append(p.Username, in.Username)
		p.Email = append(p.Email, in.Email)
		p.DisplayName = append(p.DisplayName, in.DisplayName)
		p.Attributes = append(p.Attributes, string(in.Attributes))
		p.Status = append(p.Status, in.Status)
		p.CreatedAt = append(p.CreatedAt, in.CreatedAt)
		p.UpdatedAt = append(p.UpdatedAt, in.UpdatedAt)
		p.Version = append(p.Version, in.Version)
	}
	return p
}

func orZero[T any](value *T) (zero T) {
	if value == nil {
		return zero
	}
	return *value
}

func someUsers(n int) []insertUser {
	all := make([]insertUser, n)
	for i := range all {
		all[i] = insertUser{
			ID: [16]byte{byte(i), 1}, Username: fmt.Sprint("user ", i), Email: fmt.Sprint(i, "@example.com"), DisplayName: "Ada",
			Attributes: json.RawMessage(`{"a": 1}`), Status: "active",
			CreatedAt: time.Unix(int64(i), 0), UpdatedAt: time.Unix(9, 9), Version: int64(i),
		}
		if i%2 == 0 {
			all[i].ExternalID = &all[i].Username
		}
	}
	return all
}

func TestRowsBecomeColumns(t *testing.T) {
	for _, n := range []int{1, 2, 256} {
		if got, want := insertUsersOf(someUsers(n)), insertUsersByHand(someUsers(n)); !reflect.DeepEqual(got, want) {
			t.Errorf("of %d rows got\n%+v\nwant\n%+v", n, got, want)
		}
	}
}

type patchUser struct {
	key
	DisplayName  *string
	NoExternalID bool
	Attributes   *json.RawMessage
	Seats        *int32
	Weight       float64
	Suspends     bool // chooses the text for one, and is no column
}

type key struct{ ID [16]byte }

type patchUsers struct {
	ID           [][16]byte
	DisplayName  []string
	NoExternalID []bool
	Attributes   []string
	Seats        []int32
	Weight       []float64
}

var patchUsersOf = sqlcheck.Transpose[patchUser, patchUsers]("Suspends")

func TestNilIsTheZeroValueAndEmbeddedFieldsCount(t *testing.T) {
	name, attributes, seats := "Ada", json.RawMessage(`{}`), int32(7)
	got := patchUsersOf([]patchUser{
		{key: key{[16]byte{1}}, DisplayName: &name, Attributes: &attributes, Seats: &seats, Weight: 1.5},
		{key: key{[16]byte{2}}, NoExternalID: true, Suspends: true},
	})
	want := patchUsers{
		ID: [][16]byte{{1}, {2}}, DisplayName: []string{"Ada", ""}, NoExternalID: []bool{false, true},
		Attributes: []string{"{}", ""}, Seats: []int32{7, 0}, Weight: []float64{1.5, 0},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestNoRowsAreEmptyColumns(t *testing.T) {
	got := reflect.ValueOf(insertUsersOf(nil))
	for i := range got.NumField() {
		if got.Field(i).IsNil() || got.Field(i).Len() > 0 {
			t.Errorf("column %d is %#v: pgx sends nil as NULL", i, got.Field(i))
		}
	}
}

func TestTransposingWhatDoesNotFitPanicsAtItsPlace(t *testing.T) {
	type one struct {
		ID   [16]byte
		Name *string
	}
	for name, c := range map[string]struct {
		transpose func()
		want      string
	}{
		"a plural": {
			func() { sqlcheck.Transpose[one, struct{ IDs [][16]byte }]() },
			"field IDs of struct { IDs [][16]uint8 } has no field of that name in sqlcheck_test.one: name both alike",
		},
		"a field less": {
			func() { sqlcheck.Transpose[one, struct{ ID [][16]byte }]() },
			"field Name of sqlcheck_test.one is not in struct { ID [][16]uint8 }: add a slice of that name",
		},
		"a field more": {
			func() { sqlcheck.Transpose[one, struct{ ID, More [][16]byte }]("Name") },
			"field More of struct { ID [][16]uint8; More [][16]uint8 } has no field of that name",
		},
		"no slice": {
			func() { sqlcheck.Transpose[one, struct{ ID [16]byte }]("Name") },
			"field ID is [16]uint8 in sqlcheck_test.one, and [16]uint8 in",
		},
		"another type": {
			func() { sqlcheck.Transpose[one, struct{ Name []int64 }]("ID") },
			"field Name is *string in sqlcheck_test.one, and []int64 in",
		},
		"a name that is in both": {
			func() { sqlcheck.Transpose[one, struct{ ID [][16]byte }]("ID", "Name") },
			"field ID is in both structs",
		},
		"a name that is in none": {
			func() { sqlcheck.Transpose[one, struct{ ID [][16]byte }]("Name", "Missing") },
			"sqlcheck_test.one has no field Missing",
		},
		"no struct": {func() { sqlcheck.Transpose[string, int]() }, "string is not a struct\nint is not a struct"},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				said := fmt.Sprint(recover())
				if !strings.Contains(said, "transpose_test.go:") || !strings.Contains(said, c.want) {
					t.Errorf("panicked with %q, not %q", said, c.want)
				}
			}()
			c.transpose()
		})
	}
}

func BenchmarkTranspose(b *testing.B) {
	for _, n := range []int{8, 256} {
		rows := someUsers(n)
		for name, transpose := range map[string]func([]insertUser) insertUsers{"transposed": insertUsersOf, "by hand": insertUsersByHand} {
			b.Run(fmt.Sprint(n, " rows ", name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					transpose(rows)
				}
			})
		}
	}
}
