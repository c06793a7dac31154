package postgres

import (
	"github.com/roster-directory/roster/adapters/postgres/bulk"
	"github.com/roster-directory/roster/ports"
)

// Stores returns all ports. Call it once: each call starts batchers of its own.
func (d *Database) Stores() ports.Stores {
	return ports.Stores{
		Users: NewUsers(d), Organizations: NewOrganizations(d), Memberships: NewMemberships(d),
		Plans: NewPlans(d), Events: NewEvents(d), Bulk: NewBulk(d), APIKeys: NewAPIKeys(d),
		AccessTokens: NewAccessTokens(d), LogEntries: NewLogEntries(d), Webhooks: NewWebhooks(d),
	}
}

// NewBulk returns the import and export of d.
func NewBulk(d *Database) *bulk.Store { return bulk.New(d.pool) }
