// Package doctest keeps the documents true. It runs the requests of the README
// against a server, and the SQL and commands of docs/operations.md against a
// database. It looks up each path, setting, command and name in a document, and
// holds all texts and names to docs/glossary.md. It compares the diagram of
// docs/concepts.md with the migrated database, and the decisions in docs/adr with
// their index and form. It holds only tests.
package doctest
