// Package bulk imports and exports whole directories.
//
// An import takes one kind of record at a time, in three steps:
//
//  1. COPY sends the lines of a file into a staging table, roster.staging_*.
//  2. One statement inserts the staged rows that are new, in the order of their
//     lines. It leaves out those that conflict.
//  3. One query finds the staged lines that are neither new nor stored with the
//     same values: the refusals, each with its field and reason.
//
// So the lines staged are the lines stored, the lines unchanged, and the lines
// refused. The number of statements does not depend on the number of lines.
//
//	import    | transactions                         | reported      | repeated after a deadlock
//	atomic    | one for all kinds                    | numbers       | the storing, from a savepoint
//	in parts  | one a part of a file (two: events)   | each new line | the transaction
//	otherwise | two a file                           | numbers       | the second
//
// One import runs at a time: the one that has the lease, a row that it renews.
// Invariant: staged rows that are committed belong to the owner of the lease. Each
// transaction that stores or empties them locks the lease, and so does the one that
// stages them, at its end. An import whose lease was taken fails there.
//
// No statement waits for readers, such as pg_dump: the staging tables are truncated
// if nobody reads them, and else their rows are deleted.
//
// An export reads all tables as of one moment, in a repeatable-read transaction.
package bulk
