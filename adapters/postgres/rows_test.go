package postgres

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/domain"
)

func TestARowThatDoesNotParseIsNobodysInputAndNamesTheColumn(t *testing.T) {
	good := userRow{
		Username: "ada", Email: "ada@example.com", DisplayName: "Ada", Attributes: json.RawMessage(`{}`),
		Status: "active", CreatedAt: time.Now(), UpdatedAt: time.Now(), Version: 1,
	}
	if _, err := good.user(); err != nil {
		t.Fatal(err)
	}
	for column, change := range map[string]func(*userRow){
		"username":     func(r *userRow) { r.Username = "a b" },
		"email":        func(r *userRow) { r.Email = "ada" },
		"display_name": func(r *userRow) { r.DisplayName = " " },
		"attributes":   func(r *userRow) { r.Attributes = json.RawMessage(`[]`) },
		"status":       func(r *userRow) { r.Status = "asleep" },
		"external_id":  func(r *userRow) { r.ExternalID = new("") },
	} {
		row := good
		change(&row)
		_, err := row.user()
		nobodys(t, err, "roster.users", "is no user", "column "+column)
	}
}

func TestRowsOfEachTableAreParsed(t *testing.T) {
	_, err := organizationRow{Name: "", Slug: "A", Plan: "!"}.organization()
	nobodys(t, err, "roster.organizations", "is no organization", "column name", "column slug", "column plan")
	_, err = membershipRow{Role: "boss"}.membership()
	nobodys(t, err, "roster.memberships", "is no membership", "column role")
	_, err = affiliationRow{organizationRow{Name: "Acme", Slug: "acme", Plan: "free"}, "boss", time.Now()}.affiliation()
	nobodys(t, err, "roster.memberships", "column role")
	_, err = affiliationRow{organizationRow{Name: "Acme", Slug: "-", Plan: "free"}, "owner", time.Now()}.affiliation()
	nobodys(t, err, "roster.organizations", "column slug")
	_, err = planRow{Code: "!", Name: "", Seats: new(int32(-1))}.plan()
	nobodys(t, err, "roster.plans", "is no plan", "column code", "column name", "column seats")
	_, err = engagementRow{Organization: "Acme", Plan: "!"}.engagement()
	nobodys(t, err, "roster.organizations", "column plan")
	if _, err := converted([]planRow{{Code: "!"}}, planRow.plan); err == nil {
		t.Error("a list hides a row that does not parse")
	}
}

func nobodys(t *testing.T, err error, parts ...string) {
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
