// Package postgres keeps Roster's directory in PostgreSQL 15 or later: it
// implements the interfaces of package ports on a pgx pool.
//
// Every statement is a query of package sqlcheck, built once by squirrel, and
// names its tables with their schema. A use case is one statement and one round
// trip. The database enforces what must hold under concurrency; its errors become
// domain errors in one place, internal/database.
//
//	package            | what it holds
//	-------------------+------------------------------------------------------------
//	batch              | concurrent requests that share round trips
//	sqlcheck           | queries that are checked at build time
//	migrate            | the schema, up and down
//	internal/database  | the core: pool, retries, pages, batchers, errors
//	internal/rows      | users, organizations and plans as rows; the filter of users
//	search             | users by the words of their names
//	bulk               | import and export
//	postgres           | the stores; files of an aggregate begin with its name
//
// # Writes
//
// Writes of users and events are batched. A shared statement must not wait for one
// of its commands. So it leaves out each command that would have to wait, or that
// fails:
//
//	the row, or the rollup of its organization, is locked   left out
//	a name is taken, the row is missing or at a version     left out
//	the command may leave an organization without an owner  never in a batch
//	the command has an Idempotency-Key                      never in a batch
//
// A command left out runs again alone. Then it gets its error, or has to wait. What
// still waits in a batch, such as for a name that is not committed yet, ends the batch
// after 50 ms; all of its commands run alone then. Limits and shares of connections:
//
//	a write          | waits for a lock   | may take                | in the share
//	-----------------+--------------------+-------------------------+-------------
//	in a batch       | 50 ms              | 0.25 s, 10 ms a command | Batched
//	alone            | 50 ms, three times | 1 s                     | Alone
//	that has to wait | Config.LockTimeout | Config.StatementTimeout | Waiting
//
// Commands that may leave an organization without an owner, or fill its seats,
// lock the organization before the rows that they change, several organizations in
// the order of their ids. So they wait for each other instead of deadlocking.
//
// # Rollups
//
// The engagement report reads rollups, not events. A row of engagement_days counts,
// for a UTC day, an organization and 512 of its members (a chunk), their events,
// with a bit for each member that was active. Triggers update it in the transaction
// that writes events or members.
//
// The invariant: the rollups are those of the committed events of members and of
// leavers. A member who is deleted or erased becomes a leaver, whose events reports
// subtract until they are taken out in the background. The row in engagement_organizations is the lock. A writer of events
// shares it after inserting them, and adds to the rollups with a fresh snapshot. A
// writer of members updates it. Of two that overlap, one sees the other.
//
//	window of a report                | what is read
//	----------------------------------+--------------------------------------------
//	whole UTC days                    | rollups
//	ragged edges                      | events of up to two days
//	a role, or buckets of other zones | events; for all organizations up to 400 days
//	last activity                     | events backwards, for the page only
//
// # Changes
//
// ListChanges pages by (changed, id), where changed is the transaction that wrote
// the row. The invariant: a page holds only transactions before the horizon, the
// oldest open one. A younger transaction may commit first, and a page that showed
// it would skip the rows of the older one. So a long transaction that writes delays
// the list, and nothing is lost. Numbers repeat after a restore, so that positions have
// the timeline (users_changes_timeline.go).
package postgres

//go:generate go run ../../cmd/sqlcheck prepare
