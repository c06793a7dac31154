package postgres

import (
	"encoding/json"
	"fmt"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
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
	ID         [16]byte        `db:"id"`
	Kind       string          `db:"kind"`
	Subject    [16]byte        `db:"subject"`
	StartedAt  time.Time       `db:"started_at"`
	FinishedAt *time.Time      `db:"finished_at"`
	Rows       json.RawMessage `db:"rows"`
}

func (r erasureRow) erasure() (ports.Erasure, error) {
	erasure := ports.Erasure{
		ID: r.ID, Kind: r.Kind, Subject: domain.UserID(r.Subject).String(),
		StartedAt: r.StartedAt.UTC(), FinishedAt: rows.OrZero(r.FinishedAt).UTC(),
	}
	if err := json.Unmarshal(r.Rows, &erasure.Rows); err != nil {
		return ports.Erasure{}, fmt.Errorf("reading the rows of the erasure %s: %w", erasure.ID, err)
	}
	return erasure, nil
}

var erasureOf = sqlcheck.New(sqlcheck.Def[erasureSubject, erasureRow]{
	Name: "erasures.of_subject",
	Build: func(p erasureSubject) sq.Sqlizer {
		return sq.Select("e.id", "e.kind", "e.subject", "e.started_at", "e.finished_at", "e.rows").
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
