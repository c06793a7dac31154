package app

import "github.com/roster-directory/roster/ports"

// Services are all use cases.
type Services struct {
	Users         *Users
	Organizations *Organizations
	Memberships   *Memberships
	Plans         *Plans
	Activity      *Activity
	Bulk          *Bulk
	APIKeys       *APIKeys
	Log           *Log
	Webhooks      *Webhooks
}

// New returns the use cases over a directory's stores. Those of a store that is
// nil panic when they are called.
func New(stores ports.Stores, clock ports.Clock, ids ports.IDs, random ports.Random) Services {
	return Services{
		Users:         NewUsers(stores.Users, clock, ids),
		Organizations: NewOrganizations(stores.Organizations, clock, ids),
		Memberships:   NewMemberships(stores.Memberships, clock),
		Plans:         NewPlans(stores.Plans, stores.Organizations),
		Activity:      NewActivity(stores.Events, clock, ids),
		Bulk:          NewBulk(stores.Bulk, clock, ids),
		APIKeys:       NewAPIKeys(stores.APIKeys, clock, ids, random),
		Log:           NewLog(stores.LogEntries, stores.Users),
		Webhooks:      NewWebhooks(stores.Webhooks, stores.LogEntries, stores.WebhookSender, clock, ids, random),
	}
}
