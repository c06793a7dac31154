// Package dataset reads and writes data sets: folders with a directory's records in
// files that are named after their kinds, such as users.ndjson or users.csv. The names
// may be in upper case, end with .jsonl, or have .gz at the end if they are compressed.
//
// NDJSON is one JSON object a line, in UTF-8; null is a missing field. CSV is RFC 4180
// with a header that names the same fields in any order. An empty cell is a missing
// field; attributes and payloads are JSON texts. Blank lines, a byte order mark and
// CRLF are accepted. Other formats, such as semicolons, UTF-16 or a workbook, are named
// in the error, with what to save instead. Values are read as the HTTP API reads them.
// The time 0001-01-01T00:00:00Z, the zero time of Go, is a missing field.
//
//	plans          code, name, seats
//	organizations  id, name, slug, plan, created_at, version
//	users          id, external_id, username, email, display_name, attributes,
//	               status, created_at, updated_at, deleted_at, version
//	memberships    organization_id or organization (a slug), user_id or user
//	               (a username), role, joined_at
//	events         id, organization_id or organization, user_id or user, kind,
//	               occurred_at, payload
//
// The fields code, name, slug, plan, username, email, role, kind, occurred_at and
// the references are required. An event whose user_id is null is an erased user's.
package dataset
