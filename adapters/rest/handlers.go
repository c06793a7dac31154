package rest

import (
	"context"
	"time"

	"github.com/roster-directory/roster/adapters/rest/reference"
	"github.com/roster-directory/roster/adapters/rest/staticfile"
	"github.com/roster-directory/roster/app"
)

// handlers implements the operations of the contract. Each parses the request
// into values of the domain, calls a use case, and encodes the result.
type handlers struct {
	users         *app.Users
	organizations *app.Organizations
	memberships   *app.Memberships
	plans         *app.Plans
	activity      *app.Activity
	bulk          *app.Bulk
	apiKeys       *app.APIKeys
	log           *app.Log
	webhooks      *app.Webhooks
	cursors       *cursors
	reference     *reference.Reference
	resource      *ResourceMetadata
	admin         *staticfile.Site
	ready         func(context.Context) error
	draining      *draining
	// timeout is how long the client of a stream may neither send nor read.
	timeout time.Duration
}

var _ operations = (*handlers)(nil)
