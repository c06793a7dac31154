// Package postgres keeps Roster's directory in PostgreSQL 15 or later: it
// implements the interfaces of package ports on a pgx pool.
//
// Every statement is a query of package sqlcheck, built once by squirrel, and
// names its tables with their schema. A use case is one statement and one
// round trip. The database enforces what must hold under concurrency; its
// answers are translated to domain errors in one place, errors.go.
//
// Commands that may leave an organization without an owner, or fill its seats,
// lock the organization before the rows that they change, several in the order
// of their ids, so that they wait for each other instead of deadlocking.
package postgres

//go:generate go run ../../cmd/sqlcheck prepare
