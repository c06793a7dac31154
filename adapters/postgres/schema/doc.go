// Package schema compares the schema of a database with the one that the migrations of
// this build make, and names each difference with the statement that removes it.
//
// expected.json holds the expected schema. internal/expectedschema writes it: it applies
// the migrations to an empty database and reads the catalogue as the role that serves,
// after the grants of docs/operations.md. Verify reads the catalogue of a database in one
// statement, and Compare looks for what is expected. What it does not expect is fine:
// other tables, columns that may stay empty, indexes.
//
//	severity | what it means                   | examples
//	fails    | statements of this Roster fail  | a column renamed or of another type, a right that the role lacks
//	unsafe   | a rule is not kept any more     | a disabled trigger, a lost foreign key or unique index
//	warning  | requests are answered correctly | a missing or invalid index, a changed function body, a detached past month
//
// A renamed object is found first, and its old name is put into everything that depends
// on it. So one rename is one difference.
//
// A database may be newer than the program: the last release runs on the new schema
// while servers are replaced. Then only the names in the statements of this program
// count (Column.Used, Function.Used), and states that no migration makes: disabled
// triggers, invalid indexes, missing rights. All else may be the work of a migration
// that this build does not know.
//
// PostgreSQL prints one expression in several ways: a restored dump has fewer
// parentheses. Definitions are compared without those that change nothing
// (canonical).
package schema

//go:generate go run ../../../internal/expectedschema
