package porttest

import (
	"testing"

	"github.com/roster-directory/roster/ports"
)

// Open returns the stores of an empty directory, which ends with the test.
type Open func(t *testing.T) ports.Stores

// whole reports whether there are the ports that organizations with members need.
func whole(d ports.Stores) bool {
	return d.Users != nil && d.Organizations != nil && d.Memberships != nil && d.Plans != nil
}

type testCase struct {
	name string
	run  func(*fixture)
}

func runCases(t *testing.T, open Open, cases []testCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { c.run(newFixture(t, open)) })
	}
}
