package porttest

import (
	"testing"

	"github.com/roster-directory/roster/ports"
)

// Directory is an implementation under test. Ports that it does not have are nil.
type Directory struct {
	Users         ports.Users
	Organizations ports.Organizations
	Memberships   ports.Memberships
	Plans         ports.Plans
	Events        ports.Events
	Bulk          ports.BulkStore
}

// Open returns an empty Directory, which ends with the test.
type Open func(t *testing.T) Directory

// whole reports whether d has the ports that organizations with members need.
func (d Directory) whole() bool {
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
