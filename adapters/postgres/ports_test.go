package postgres_test

import (
	"testing"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/ports/porttest"
)

func store(t *testing.T) porttest.Directory {
	t.Helper()
	d := open(t, config(directory.Database(t)))
	return porttest.Directory{
		Users:         postgres.NewUsers(d),
		Organizations: postgres.NewOrganizations(d),
		Memberships:   postgres.NewMemberships(d),
		Plans:         postgres.NewPlans(d),
		Events:        postgres.NewEvents(d),
		Bulk:          postgres.NewBulk(d),
	}
}

func TestUsersKeepTheContract(t *testing.T)         { porttest.Users(t, store) }
func TestOrganizationsKeepTheContract(t *testing.T) { porttest.Organizations(t, store) }
func TestMembershipsKeepTheContract(t *testing.T)   { porttest.Memberships(t, store) }
func TestPlansKeepTheContract(t *testing.T)         { porttest.Plans(t, store) }
func TestEventsKeepTheContract(t *testing.T)        { porttest.Events(t, store) }
func TestBulkKeepsTheContract(t *testing.T)         { porttest.Bulk(t, store) }
