// Package ports holds the interfaces through which Roster's use cases reach
// storage, clocks and identifiers. Each is narrow, and each method's contract
// is written on it; porttest checks an implementation against it.
//
// Every method may also return an error whose kind is domain.Unavailable, when
// the store can't answer now, or the context's own error when the caller gave
// up. A command is the whole of a read-check-write: the implementation applies
// it atomically, so that it may merge many callers' commands into one round
// trip. No command retains its arguments after it returns.
package ports

//go:generate go tool moq -rm -pkg portsmock -out portsmock/users.go . Users
//go:generate go tool moq -rm -pkg portsmock -out portsmock/organizations.go . Organizations Memberships Plans
//go:generate go tool moq -rm -pkg portsmock -out portsmock/events.go . Events
//go:generate go tool moq -rm -pkg portsmock -out portsmock/system.go . Clock IDs
//go:generate go tool moq -rm -pkg portsmock -out portsmock/bulk.go . Dataset RecordWriter BulkWriter BulkStore
