package ports

// Stores are the ports of one directory. A store that an implementation does not
// have is nil.
type Stores struct {
	Users         Users
	Organizations Organizations
	Memberships   Memberships
	Plans         Plans
	Events        Events
	Bulk          BulkStore
	APIKeys       APIKeys
	AccessTokens  AccessTokens
	LogEntries    LogEntries
	Webhooks      Webhooks
	WebhookSender WebhookSender
}
