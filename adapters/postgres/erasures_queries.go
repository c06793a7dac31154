package postgres

import (
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/ports"
)

// erasedKind is what an erasure is of, as roster.erasures names it.
type erasedKind string

const (
	erasedUser         erasedKind = "user"
	erasedOrganization erasedKind = "organization"
)

// absent names an erasure that does not exist.
func (k erasedKind) absent() string { return "erased " + string(k) }

type erasureSubject struct {
	Kind    string
	Subject [16]byte
}

type erasureRow struct {
	ID          [16]byte   `db:"id"`
	StartedAt   time.Time  `db:"started_at"`
	FinishedAt  *time.Time `db:"finished_at"`
	Memberships int64      `db:"memberships"`
	Events      int64      `db:"events"`
}

func (r erasureRow) erasure() (ports.Erasure, error) {
	return ports.Erasure{
		StartedAt: r.StartedAt.UTC(), FinishedAt: rows.OrZero(r.FinishedAt).UTC(), Memberships: r.Memberships, Events: r.Events,
	}, nil
}

var erasureOf = sqlcheck.New(sqlcheck.Def[erasureSubject, erasureRow]{
	Name: "erasures.of_subject",
	Build: func(p erasureSubject) sq.Sqlizer {
		return sq.Select("e.id", "e.started_at", "e.finished_at",
			"coalesce((e.rows ->> 'memberships')::bigint, 0) AS memberships", "coalesce((e.rows ->> 'events')::bigint, 0) AS events").
			From("roster.erasures e").
			Where("e.kind = ? AND e.subject = ?", p.Kind, any(p.Subject)).
			OrderBy("e.started_at DESC").Suffix("LIMIT 1")
	},
})

type erasePart struct {
	Erasure       *[16]byte // nil: any that is not finished
	MaxRows       int64
	MaxPartitions int64
}

// erasedPartRow is a part that was done; none where no erasure was free.
type erasedPartRow struct {
	ID         *[16]byte `db:"id"`
	Changed    *int64    `db:"changed"`
	IsFinished *bool     `db:"is_finished"`
}

func (r erasedPartRow) finished() bool { return r.IsFinished == nil || *r.IsFinished }

var erasedPart = sqlcheck.New(sqlcheck.Def[erasePart, erasedPartRow]{
	Name: "erasures.part",
	Build: func(p erasePart) sq.Sqlizer {
		return sq.Expr("SELECT p.id, p.changed, p.is_finished FROM roster.erase_part(?, ?, ?) p",
			any(p.Erasure), p.MaxRows, p.MaxPartitions)
	},
})
