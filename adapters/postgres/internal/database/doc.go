// Package database is what all stores of the Postgres adapter share: the pool,
// reads and writes that repeat what may be repeated, keyset pages, batchers, and
// the translation of the database's errors. It knows no aggregate.
package database
