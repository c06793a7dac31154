// Package backup writes the schema roster to a file, and restores it into an empty
// database.
//
// A file is an archive of pg_dump in its custom format, a manifest in JSON, and a
// trailer of fixed size:
//
//	archive | manifest | SHA-256 of the manifest | its size | magic
//
// The manifest has the size and the SHA-256 of the archive, and for each table its rows
// and a hash of them that does not depend on their order. The archive and the hashes are
// of one snapshot. A file without a whole trailer is cut off. All is checked before the
// first statement of a restore, which is one transaction.
package backup
