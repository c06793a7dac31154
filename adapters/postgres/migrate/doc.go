// Package migrate brings a database to Roster's schema and back, with the
// migrations that are built into the program.
//
// The versions applied are kept in roster.schema_migrations. One advisory lock
// a database makes simultaneous runs wait for each other. That lock belongs to
// a connection: migrate over a direct one, since a pooler in transaction mode
// (PgBouncer) gives each transaction another, and then nothing is locked.
//
// The role that migrates owns the schema. A role that only serves needs no
// more than to read roster.schema_migrations: where nothing is to be done, Up
// changes nothing.
//
// Restamp is for a database that was restored from a dump. It is apart from Up, since
// the serving role may do it.
package migrate
