package rows

import (
	"time"

	"github.com/roster-directory/roster/domain"
)

// LogEntry is a row of roster.log.
type LogEntry struct {
	Number       int64     `db:"number"`
	ID           [16]byte  `db:"id"`
	At           time.Time `db:"at"`
	Kind         string    `db:"kind"`
	Subject      string    `db:"subject"`
	Organization *[16]byte `db:"organization_id"`
	Version      *int64    `db:"version"`
	Fields       []string  `db:"fields"`
	Actor        string    `db:"actor"`
	Request      *string   `db:"request"`
}

// LogColumns are the columns of LogEntry, in a table with a name.
func LogColumns(table string) []string {
	return Qualified(table, "number", "id", "at", "kind", "subject", "organization_id", "version", "fields", "actor", "request")
}

// Value converts the row. A kind that a later release has added is kept as it is.
func (r LogEntry) Value() (domain.LogEntry, error) {
	return domain.LogEntry{
		ID: r.ID, Number: r.Number, At: r.At.UTC(), Kind: domain.LogKind(r.Kind), Subject: r.Subject,
		Organization: OrZero(r.Organization), Version: domain.Version(OrZero(r.Version)), Fields: r.Fields,
		Actor: r.Actor, Request: OrZero(r.Request),
	}, nil
}
