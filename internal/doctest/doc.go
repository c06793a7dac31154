// Package doctest runs what the documentation says: the requests of the README
// against a server, and the SQL and commands of docs/operations.md against a
// database, so that neither can drift from the program. It holds only tests.
package doctest
