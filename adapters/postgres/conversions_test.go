package postgres

import (
	"errors"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/domain"
)

func TestARowThatDoesNotParseNamesItsTableAndColumn(t *testing.T) {
	t.Parallel()
	acme := rows.Organization{Name: "Acme", Slug: "acme", Plan: "free"}
	for want, convert := range map[string]func() error{
		"roster.memberships holds a row, is no membership, column role": func() error {
			_, err := membershipRow{Role: "boss"}.membership()
			return err
		},
		"roster.memberships, column role": func() error {
			_, err := affiliationRow{Organization: acme, Role: "boss"}.affiliation()
			return err
		},
		"roster.organizations, column slug": func() error {
			_, err := affiliationRow{Organization: rows.Organization{Name: "Acme", Slug: "-", Plan: "free"}, Role: "owner"}.affiliation()
			return err
		},
		"roster.organizations, column plan": func() error {
			_, err := engagementRow{Organization: "Acme", Plan: "!"}.engagement()
			return err
		},
		"roster.users holds a row, is no user, column status": func() error {
			_, err := accountRow{Status: "!"}.value()
			return err
		},
		"roster.plans": func() error {
			_, err := database.Convert([]rows.Plan{{Code: "!"}}, rows.Plan.Value)
			return err
		},
	} {
		err := convert()
		if err == nil || errors.Is(err, domain.Invalid) {
			t.Errorf("the error is %v; it should say %s, and not be invalid input", err, want)
			continue
		}
		for part := range strings.SplitSeq(want, ", ") {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q does not say %q", err, part)
			}
		}
	}
}
