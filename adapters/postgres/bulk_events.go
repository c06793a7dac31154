package postgres

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	sq "github.com/Masterminds/squirrel"

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
		Line: line.Number, ID: given([16]byte(e.ID)),
		OrganizationID: given([16]byte(e.Organization.ID)), Organization: given(e.Organization.Slug.String()),
		UserID: given([16]byte(e.User.ID)), Username: given(e.User.Username.String()),
		Kind: e.Kind.String(), OccurredAt: e.OccurredAt,
	}
	if !e.Payload.IsZero() {
		staged.Payload = json.RawMessage(e.Payload.String())
	}
	return staged
}

// resolvedEvents starts the statements that look at staged events.
const resolvedEvents = `WITH resolved AS (
	SELECT s.line, s.id, coalesce(oi.id, os.id) AS organization_id, coalesce(ui.id, un.id) AS user_id, s.kind, s.occurred_at, s.payload,
		s.user_id IS NULL AND s.username IS NULL AS erased,
		CASE WHEN s.organization_id IS NULL THEN 'organization' ELSE 'organization_id' END AS organization_field,
		CASE WHEN s.user_id IS NULL THEN 'user' ELSE 'user_id' END AS user_field
	FROM roster.staging_events s` + resolved + `)`

// storable is true of a resolved event whose organization and user exist.
const storable = "r.organization_id IS NOT NULL AND (r.user_id IS NOT NULL OR r.erased)"

var (
	bulkEventsCopy        = sqlcheck.NewCopy[stagedEvent](sqlcheck.CopyDef{Name: "bulk.copy.events", Table: "roster.staging_events"})
	bulkEventsClear       = emptying("staging_events")
	bulkEventsCount       = analyzing("staging_events")
	bulkEventsCountStored = analyzing("events")

	bulkEventsPartitions = sqlcheck.New(sqlcheck.Def[sqlcheck.None, bulkSettingRow]{
		Name: "bulk.partitions.events",
		Build: func(sqlcheck.None) sq.Sqlizer {
			return sq.Select(`coalesce(roster.ensure_event_partitions(ARRAY(
				SELECT DISTINCT date_trunc('month', s.occurred_at, 'UTC') FROM roster.staging_events s))::text, '') AS setting`)
		},
	})

	// An event without an id gets one of version 8 (RFC 9562) from its content
	// and its ordinal among the equal lines of the file. Lines that don't go in
	// have no part in that: their neighbours' ids stay when they are mended.
	bulkEventsName = sqlcheck.New(sqlcheck.Def[sqlcheck.None, sqlcheck.None]{
		Name: "bulk.name.events",
		Build: func(sqlcheck.None) sq.Sqlizer {
			return sq.Update("roster.staging_events s").Prefix(resolvedEvents+`, hashed AS (
				SELECT r.line, sha256(convert_to(concat_ws(' ', r.organization_id, coalesce(r.user_id::text, 'erased'), r.kind, extract(epoch FROM r.occurred_at), r.payload, row_number() OVER (
					PARTITION BY r.organization_id, r.user_id, r.kind, r.occurred_at, r.payload ORDER BY r.line)), 'UTF8')) AS hash
				FROM resolved r WHERE r.id IS NULL AND `+storable+`)`).
				Set("id", sq.Expr(`encode(substr(set_byte(set_byte(h.hash, 6, get_byte(h.hash, 6) & 15 | 128), 8, get_byte(h.hash, 8) & 63 | 128), 1, 16), 'hex')::uuid`)).
				From("hashed h").
				Where("s.line = h.line")
		},
	})

	bulkEventsStore = sqlcheck.New(sqlcheck.Def[sqlcheck.None, sqlcheck.None]{
		Name: "bulk.store.events",
		Build: func(sqlcheck.None) sq.Sqlizer {
			return sq.Insert("roster.events").Prefix(resolvedEvents).
				Columns("id", "organization_id", "user_id", "kind", "occurred_at", "payload").
				Select(sq.Select("r.id", "r.organization_id", "r.user_id", "r.kind", "r.occurred_at", "r.payload").
					From("resolved r").
					Where(storable).
					OrderBy("r.line")).
				Suffix("ON CONFLICT DO NOTHING")
		},
	})

	bulkEventsRefusals = refusing("bulk.refusals.events", sq.Select("r.line").
				Prefix(resolvedEvents).
				Column(`CASE WHEN r.organization_id IS NULL OR r.user_id IS NULL AND NOT r.erased THEN 'unknown' ELSE 'differs' END AS reason`).
				Column(`CASE WHEN r.organization_id IS NULL THEN r.organization_field WHEN r.user_id IS NULL AND NOT r.erased THEN r.user_field ELSE d.fields END AS fields`).
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

// AddEvents implements ports.BulkWriter. The partitions are made in a
// transaction of their own, since it takes locks that others wait for.
func (w *bulkWriter) AddEvents(ctx context.Context, lines iter.Seq2[ports.Line[ports.EventRecord], error], refuse func(ports.Refusal) error) (ports.Added, error) {
	return move[ports.EventRecord, stagedEvent]{
		copy: bulkEventsCopy, row: stageEvent, clear: bulkEventsClear, count: bulkEventsCount, countStored: bulkEventsCountStored, refusals: bulkEventsRefusals,
		before: func(ctx context.Context, db sqlcheck.DB) error {
			_, err := bulkEventsPartitions.One(ctx, db, sqlcheck.None{})
			return err
		},
		store: func(ctx context.Context, tx sqlcheck.Tx) (int64, error) {
			if _, err := bulkEventsName.Exec(ctx, tx, sqlcheck.None{}); err != nil {
				return 0, err
			}
			return bulkEventsStore.Exec(ctx, tx, sqlcheck.None{})
		},
	}.run(ctx, w, lines, refuse)
}
