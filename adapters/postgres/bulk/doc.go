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
//	import    | transactions                         | reported
//	atomic    | one for all kinds                    | numbers
//	in parts  | one a part of a file (two: events)   | each new line, too
//	otherwise | two a file                           | numbers
//
// Imports into one database run one after the other, under an advisory lock.
//
// An export reads all tables as of one moment, in a repeatable-read transaction.
package bulk
