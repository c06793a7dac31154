package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/internal/testdb"
	"github.com/roster-directory/roster/ports"
)

// A value that the domain accepts and a constraint refuses is an error of the caller,
// and not of Roster.
func TestAValueThatOnlyTheDatabaseRefusesIsInvalid(t *testing.T) {
	t.Parallel()
	users, c := testdb.NewUsers(t)
	pgtest.Execute(t, c, "ALTER TABLE roster.users ADD CONSTRAINT users_display_name_rule_check CHECK (display_name <> 'Root')",
		"ALTER TABLE roster.users ADD CONSTRAINT their_own CHECK (display_name <> 'Admin')")
	for name, c := range map[string]struct{ display, field string }{
		"by a constraint of a column": {"Root", "display_name_rule"},
		"by another's constraint":     {"Admin", ""},
	} {
		t.Run(name, func(t *testing.T) {
			user := testdb.User(1)
			display, err := domain.ParseDisplayName(c.display)
			if err != nil {
				t.Fatal(err)
			}
			user.DisplayName = display
			_, err = users.CreateUser(t.Context(), ports.CreateUser{User: user})
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

func TestDetailsOfAnErrorHoldNoNamesOfTheDatabase(t *testing.T) {
	t.Parallel()
	users, _ := testdb.NewUsers(t)
	user := testdb.CreateUsers(t, users, 1, 2)[0]
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

func TestAttributesOfAnySizeThatTheDomainAcceptsAreStoredAndRead(t *testing.T) {
	t.Parallel()
	users, _ := testdb.NewUsers(t)
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
			continue // the domain may refuse it
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
