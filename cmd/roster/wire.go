//go:build wireinject

package main

import (
	"github.com/google/wire"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/system"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/ports"
)

// stores implement the ports on PostgreSQL.
var stores = wire.NewSet(
	postgres.NewUsers, wire.Bind(new(ports.Users), new(*postgres.Users)),
	postgres.NewOrganizations, wire.Bind(new(ports.Organizations), new(*postgres.Organizations)),
	postgres.NewMemberships, wire.Bind(new(ports.Memberships), new(*postgres.Memberships)),
	postgres.NewPlans, wire.Bind(new(ports.Plans), new(*postgres.Plans)),
	postgres.NewEvents, wire.Bind(new(ports.Events), new(*postgres.Events)),
)

// machine is the clock and the generator of ids.
var machine = wire.NewSet(
	system.NewClock, wire.Bind(new(ports.Clock), new(system.Clock)),
	system.NewIDs, wire.Bind(new(ports.IDs), new(system.IDs)),
)

// useCases are the services of the application.
var useCases = wire.NewSet(app.NewUsers, app.NewOrganizations, app.NewMemberships, app.NewPlans, app.NewActivity)

// httpEdge serves the services over HTTP, with the router of newHandler.
var httpEdge = wire.NewSet(wire.Struct(new(rest.Services), "*"), rest.New, newHandler, wire.Struct(new(edge), "*"))

func newEdge(database *postgres.Database, options rest.Options) (edge, error) {
	wire.Build(stores, machine, useCases, importAndExport, httpEdge)
	return edge{}, nil
}
