package rows

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/domain"
)

func TestARowThatDoesNotParseIsNotInvalidInput(t *testing.T) {
	good := User{
		Username: "ada", Email: "ada@example.com", DisplayName: "Ada", Attributes: json.RawMessage(`{}`),
		Status: "active", CreatedAt: time.Now(), UpdatedAt: time.Now(), Version: 1,
	}
	if _, err := good.Value(); err != nil {
		t.Fatal(err)
	}
	for column, change := range map[string]func(*User){
		"username":     func(r *User) { r.Username = "a b" },
		"email":        func(r *User) { r.Email = "ada" },
		"display_name": func(r *User) { r.DisplayName = " " },
		"attributes":   func(r *User) { r.Attributes = json.RawMessage(`[]`) },
		"status":       func(r *User) { r.Status = "asleep" },
		"external_id":  func(r *User) { r.ExternalID = new("") },
	} {
		row := good
		change(&row)
		_, err := row.Value()
		wantInternal(t, err, "roster.users", "is no user", "column "+column)
	}
}

func TestRowsOfEachTableAreParsed(t *testing.T) {
	_, err := Organization{Name: "", Slug: "A", Plan: "!"}.Value()
	wantInternal(t, err, "roster.organizations", "is no organization", "column name", "column slug", "column plan")
	_, err = Plan{Code: "!", Name: "", Seats: new(int32(-1))}.Value()
	wantInternal(t, err, "roster.plans", "is no plan", "column code", "column name", "column seats")
}

// wantInternal fails the test if an error would be shown to a caller, or does not have
// all parts.
func wantInternal(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil || errors.Is(err, domain.Invalid) || len(domain.Failures(err)) > 0 {
		t.Fatalf("the error is %v", err)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
}
