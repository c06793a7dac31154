// Package ports holds the interfaces through which Roster's use cases reach
// storage, clocks and identifiers. Each is narrow, and the comment on each method
// is its contract. Package porttest checks an implementation.
//
// Every method may also return an error whose kind is domain.Unavailable, when
// the store can't answer now, or the error of the context. A command holds a
// whole read-check-write. The implementation applies it atomically, so it may
// merge the commands of many callers into one round trip. No method keeps its
// arguments after it returns.
package ports

//go:generate go tool moq -rm -pkg portsmock -out portsmock/users.go . Users
//go:generate go tool moq -rm -pkg portsmock -out portsmock/organizations.go . Organizations Memberships Plans
//go:generate go tool moq -rm -pkg portsmock -out portsmock/apikeys.go . APIKeys
//go:generate go tool moq -rm -pkg portsmock -out portsmock/access_tokens.go . AccessTokens
//go:generate go tool moq -rm -pkg portsmock -out portsmock/events.go . Events
//go:generate go tool moq -rm -pkg portsmock -out portsmock/system.go . Clock IDs Random
//go:generate go tool moq -rm -pkg portsmock -out portsmock/bulk.go . Dataset RecordWriter BulkWriter BulkStore
//go:generate go tool moq -rm -pkg portsmock -out portsmock/log.go . LogEntries
//go:generate go tool moq -rm -pkg portsmock -out portsmock/webhooks.go . Webhooks WebhookSender
