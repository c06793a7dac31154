//go:build wireinject

package main

import (
	"github.com/google/wire"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/bulk"
	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/system"
	"github.com/roster-directory/roster/adapters/webhook"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/ports"
)

// machine is the clock and the sources of ids and random bytes.
var machine = wire.NewSet(
	system.NewClock, wire.Bind(new(ports.Clock), new(system.Clock)),
	system.NewIDs, wire.Bind(new(ports.IDs), new(system.IDs)),
	system.NewRandom, wire.Bind(new(ports.Random), new(system.Random)),
)

// newEdge serves the use cases over HTTP, through the router that newHandler
// chooses.
func newEdge(database *postgres.Database, sender *webhook.Sender, options rest.Options) (edge, error) {
	wire.Build(stores, machine, app.New, rest.New, newHandler, wire.FieldsOf(new(app.Services), "APIKeys"), wire.Struct(new(edge), "*"))
	return edge{}, nil
}

// newServices makes the use cases for the commands.
func newServices(database *postgres.Database, sender *webhook.Sender) app.Services {
	wire.Build(stores, machine, app.New)
	return app.Services{}
}

// importAndExport are for whole directories.
var importAndExport = wire.NewSet(postgres.NewBulk, wire.Bind(new(ports.BulkStore), new(*bulk.Store)), app.NewBulk)

func newBulk(database *postgres.Database) *app.Bulk {
	wire.Build(importAndExport, machine)
	return nil
}
