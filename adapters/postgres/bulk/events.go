package bulk

import (
	"context"
	"encoding/json"
	"math"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/ports"
)

type stagedEvent struct {
	Line           int64           `db:"line"`
	ID             *[16]byte       `db:"id"`
	OrganizationID *[16]byte       `db:"organization_id"`
	Organization   *string         `db:"organization"`
	UserID         *[16]byte       `db:"user_id"`
	Username       *string         `db:"username"`
	Kind           string          `db:"kind"`
	OccurredAt     time.Time       `db:"occurred_at"`
	Payload        json.RawMessage `db:"payload"`
}

func stageEvent(line ports.Line[ports.EventRecord]) stagedEvent {
	e := line.Record
	staged := stagedEvent{
		Line: line.Number, ID: rows.NonZero([16]byte(e.ID)),
		OrganizationID: rows.NonZero([16]byte(e.Organization.ID)), Organization: rows.NonZero(e.Organization.Slug.String()),
		UserID: rows.NonZero([16]byte(e.User.ID)), Username: rows.NonZero(e.User.Username.String()),
		Kind: e.Kind.String(), OccurredAt: e.OccurredAt,
	}
	if !e.Payload.IsZero() {
		staged.Payload = json.RawMessage(e.Payload.String())
	}
	return staged
}

const eventColumns = "line, id, organization_id, organization, user_id, username, kind, occurred_at, payload"

var resolvedEvents = resolving("s.id, s.kind, s.occurred_at, s.payload, s.user_id IS NULL AND s.username IS NULL AS erased")

// storable is the condition that the organization and the user of an event exist.
const storable = "r.organization_id IS NOT NULL AND (r.user_id IS NOT NULL OR r.erased)"

// assignIDs gives events ids. Equal events are counted up to Most.
type assignIDs struct {
	staged
	Most int64
}

var (
	ensurePartitions = sqlcheck.New(sqlcheck.Def[staged, settingRow]{
		Name: "bulk.partitions.events", Enums: ofStaged,
		Build: func(p staged) sq.Sqlizer {
			return sq.Select(`coalesce(roster.ensure_event_partitions(ARRAY(
				SELECT DISTINCT date_trunc('month', s.occurred_at, 'UTC') FROM staged s))::text, '') AS setting`).
				PrefixExpr(p.with("events", eventColumns))
		},
	})

	// An event without an id gets a UUID of version 8 (RFC 9562), made from its
	// content and its ordinal among equal lines. Refused lines don't count, so that
	// correcting one changes no other id. Equal lines in different parts of a file
	// can't be counted together, so that there all are the same event.
	assignEventIDs = sqlcheck.New(sqlcheck.Def[assignIDs, sqlcheck.None]{
		Name: "bulk.name.events", Enums: ofStaged,
		Build: func(p assignIDs) sq.Sqlizer {
			return sq.Update("roster.staging_events s").PrefixExpr(p.with("events", eventColumns)).Prefix(resolvedEvents+`, hashed AS (
				SELECT r.line, sha256(convert_to(concat_ws(' ', r.organization_id, coalesce(r.user_id::text, 'erased'), r.kind, `+
				`extract(epoch FROM r.occurred_at), r.payload, least(?, row_number() OVER (
					PARTITION BY r.organization_id, r.user_id, r.kind, r.occurred_at, r.payload ORDER BY r.line))), 'UTF8')) AS hash
				FROM resolved r WHERE r.id IS NULL AND `+storable+`)`, p.Most).
				Set("id", sq.Expr("encode(substr(set_byte(set_byte("+
					"h.hash, 6, get_byte(h.hash, 6) & 15 | 128), 8, get_byte(h.hash, 8) & 63 | 128), 1, 16), 'hex')::uuid")).
				From("hashed h").
				Where("s.line = h.line")
		},
	})

	eventRefusals = refusing("events", eventColumns, resolvedEvents, sq.Select("r.line").
			Column(`CASE WHEN r.organization_id IS NULL OR r.user_id IS NULL AND NOT r.erased THEN 'unknown' ELSE 'differs' END AS reason`).
			Column("CASE WHEN r.organization_id IS NULL THEN r.organization_field"+
			" WHEN r.user_id IS NULL AND NOT r.erased THEN r.user_field ELSE d.fields END AS fields").
		From("resolved r").
		LeftJoin("roster.events e ON e.id = r.id AND e.occurred_at = r.occurred_at").
		CrossJoin(`LATERAL (SELECT concat_ws(', ',
			CASE WHEN e.organization_id <> r.organization_id THEN 'organization_id' END,
			CASE WHEN e.user_id IS DISTINCT FROM r.user_id THEN 'user_id' END,
			CASE WHEN e.kind <> r.kind THEN 'kind' END,
			CASE WHEN e.payload IS DISTINCT FROM r.payload THEN 'payload' END) AS fields) d`).
		Where("(r.organization_id IS NULL OR r.user_id IS NULL AND NOT r.erased OR d.fields <> '')").
		OrderBy("r.line"))
)

// The partitions are made in a transaction of their own: it takes locks for which
// others wait.
var events = kind[ports.EventRecord, stagedEvent]{
	staging: newStaging[stagedEvent]("events"), row: stageEvent, refusals: eventRefusals,
	before: func(ctx context.Context, db sqlcheck.DB, which staged) error {
		_, err := ensurePartitions.One(ctx, db, which)
		return err
	},
	name: func(ctx context.Context, db sqlcheck.DB, which staged) error {
		most := assignIDs{which, math.MaxInt64}
		if which.Part {
			most.Most = 1
		}
		_, err := assignEventIDs.Exec(ctx, db, most)
		return err
	},
	store: newTimelessStoring(storeDef{
		table: "events", columns: eventColumns, with: resolvedEvents,
		insert: func(importedAt) sq.InsertBuilder {
			return sq.Insert("roster.events").
				Columns("id", "organization_id", "user_id", "kind", "occurred_at", "payload").
				Select(sq.Select("r.id", "r.organization_id", "r.user_id", "r.kind", "r.occurred_at", "r.payload").
					From("resolved r").
					Where(storable).
					OrderBy("r.line"))
		},
		returning: "id, occurred_at", key: "concat_ws(' ', stored.id, stored.occurred_at)",
		lines: "stored JOIN staged s ON s.id = stored.id AND s.occurred_at = stored.occurred_at",
	}),
}
