//go:build wireinject

package main

import (
	"github.com/google/wire"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/ports"
)

// bulk moves whole directories in and out.
var bulk = wire.NewSet(postgres.NewBulk, wire.Bind(new(ports.BulkStore), new(*postgres.Bulk)), app.NewBulk)

func newBulk(database *postgres.Database) *app.Bulk {
	wire.Build(bulk, machine)
	return nil
}
