package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/internal/testdb"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// What the domain lets through and the database does not is the sender's
// fault, and not Roster's.
func TestWhatOnlyTheDatabaseRefusesIsInvalid(t *testing.T) {
	d, c := testdb.New(t)
	pgtest.Execute(t, c, "ALTER TABLE roster.users ADD CONSTRAINT users_display_name_rule_check CHECK (display_name <> 'Root')",
		"ALTER TABLE roster.users ADD CONSTRAINT their_own CHECK (display_name <> 'Admin')")
	for name, c := range map[string]struct{ display, field string }{
		"by a rule of a column":    {"Root", "display_name_rule"},
		"by a rule of others' own": {"Admin", ""},
	} {
		t.Run(name, func(t *testing.T) {
			user := testdb.User(1)
			display, err := domain.ParseDisplayName(c.display)
			if err != nil {
				t.Fatal(err)
			}
			user.DisplayName = display
			_, err = postgres.NewUsers(d).CreateUser(t.Context(), ports.CreateUser{User: user})
			faults := domain.Failures(err)
			if c.field == "" {
				if err == nil || len(faults) > 0 {
					t.Errorf("the error is %v", err)
				}
				return
			}
			if len(faults) != 1 || faults[0].Kind != domain.Invalid || faults[0].Field != c.field {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestDetailsHoldNothingOfTheDatabases(t *testing.T) {
	d, _ := testdb.New(t)
	users := postgres.NewUsers(d)
	user := testdb.User(1)
	if _, err := users.CreateUser(t.Context(), ports.CreateUser{User: user}); err != nil {
		t.Fatal(err)
	}
	_, err := users.CreateUser(t.Context(), ports.CreateUser{User: user})
	var fault *domain.Error
	if !errors.As(err, &fault) {
		t.Fatal(err)
	}
	for _, inner := range []string{"users_", "roster.", "SQLSTATE", "INSERT", "duplicate key"} {
		if strings.Contains(fault.Detail+fault.Fix, inner) {
			t.Errorf("%q shows %q", fault.Detail+"; "+fault.Fix, inner)
		}
	}
	contains(t, fault.Err, "SQLSTATE 23505", `query "users.insert"`)
}

// Whatever JSON the domain accepts is stored and can be read again.
func TestAttributesOfAnySizeComeBack(t *testing.T) {
	d, _ := testdb.New(t)
	users := postgres.NewUsers(d)
	for n, text := range []string{
		`{"a":"` + strings.Repeat("x", 16<<10-8) + `"}`,
		`{"a":[` + strings.TrimSuffix(strings.Repeat("1,", 8<<10-5), ",") + `]}`,
		`{"a":[` + strings.TrimSuffix(strings.Repeat("1e300,", 50), ",") + `]}`,
		`{"a":[` + strings.TrimSuffix(strings.Repeat("1e-300,", 50), ",") + `]}`,
		`{"a":[` + strings.TrimSuffix(strings.Repeat("1e300,", 80), ",") + `]}`,
		`{"a":"` + strings.Repeat(`\u00e9`, 2700) + `"}`,
	} {
		attributes, err := domain.ParseAttributes([]byte(text))
		if err != nil {
			continue // refused at once is as good
		}
		user := testdb.User(n)
		user.Attributes = attributes
		if _, err := users.CreateUser(t.Context(), ports.CreateUser{User: user}); err != nil {
			t.Errorf("text %d: %.200s", n, err)
			continue
		}
		if _, err := users.ListUsers(t.Context(), ports.ListUsers{Limit: domain.DefaultListSize}); err != nil {
			t.Errorf("text %d: %.200s", n, fmt.Sprint(err))
		}
	}
}
