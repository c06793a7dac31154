//go:build wireinject

package main

import (
	"github.com/google/wire"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/postgres/bulk"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/ports"
)

// importAndExport import and export whole directories.
var importAndExport = wire.NewSet(postgres.NewBulk, wire.Bind(new(ports.BulkStore), new(*bulk.Store)), app.NewBulk)

func newBulk(database *postgres.Database) *app.Bulk {
	wire.Build(importAndExport, machine)
	return nil
}
