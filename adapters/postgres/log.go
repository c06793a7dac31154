package postgres

import (
	"context"
	"math"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// LogEntries implements ports.LogEntries.
type LogEntries struct{ pool *database.Pool }

// NewLogEntries returns the log kept in d.
func NewLogEntries(d *Database) *LogEntries { return &LogEntries{pool: d.pool.For(database.Slow)} }

type listLog struct {
	Kinds        sqlcheck.Opt[[]string]
	Subject      sqlcheck.Opt[string]
	Actor        sqlcheck.Opt[string]
	Organization sqlcheck.Opt[[16]byte]
	Within       sqlcheck.Opt[[16]byte]
	From, To     time.Time
	At           time.Time
	Number       int64
	Limit        int32
}

var logListed = sqlcheck.New(sqlcheck.Def[listLog, rows.LogEntry]{
	Name: "log.list",
	Build: func(p listLog) sq.Sqlizer {
		b := sq.Select(rows.LogColumns("l")...).From("roster.log l")
		if p.Subject.Set {
			b = b.Where("l.subject = ?", p.Subject.V)
		}
		if p.Actor.Set {
			b = b.Where("l.actor = ?", p.Actor.V)
		}
		if p.Organization.Set {
			b = b.Where("l.organization_id = ?", p.Organization.V)
		}
		if p.Within.Set {
			b = b.Where("(l.organization_id IS NULL OR l.organization_id = ?)", p.Within.V)
		}
		if p.Kinds.Set {
			b = b.Where("l.kind = ANY(?)", p.Kinds.V)
		}
		return b.Where("l.at >= ? AND l.at < ? AND (l.at, l.number) < (?, ?)", p.From, p.To, p.At, p.Number).
			OrderBy("l.at DESC", "l.number DESC").Suffix("LIMIT ?", p.Limit)
	},
})

// ListLog implements ports.LogLister.
func (s *LogEntries) ListLog(ctx context.Context, in ports.ListLog) (ports.Page[domain.LogEntry], error) {
	f := in.Filter
	p := listLog{
		Subject: sqlcheck.Opt[string]{V: f.Subject, Set: f.Subject != ""}, Actor: sqlcheck.Opt[string]{V: f.Actor, Set: f.Actor != ""},
		Organization: within(f.Organization), Within: within(f.Within), Kinds: sqlcheck.Opt[[]string]{
			V:   kindNames(f.Kinds),
			Set: len(f.Kinds) > 0,
		},
		From: f.From, To: f.To, At: database.Latest, Number: math.MaxInt64, Limit: database.Limit(in.Limit) + 1,
	}
	if p.To.IsZero() {
		p.To = database.Latest
	}
	if in.After != nil {
		p.At, p.Number = in.After.At, in.After.Number
	}
	return database.Page(ctx, s.pool, logListed, p, rows.LogEntry.Value, in.Limit)
}
