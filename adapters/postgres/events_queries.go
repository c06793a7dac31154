package postgres

import (
	"encoding/json"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

// insertEvents is events, one array a column.
type insertEvents struct {
	IDs           [][16]byte
	Organizations [][16]byte
	Users         [][16]byte
	Kinds         []string
	Times         []time.Time
	Payloads      []json.RawMessage
	// Bound is whether the events are of bound callers, who may name only members of
	// an event's organization.
	Bound bool
}

func insertEventsOf(q *addEvents) (p insertEvents) {
	p.add(q)
	return p
}

func (p *insertEvents) add(q *addEvents) {
	p.Bound = !q.within.IsZero()
	for _, event := range q.events {
		organization := event.Organization
		if p.Bound && organization != q.within {
			organization = domain.OrganizationID{} // it does not exist for the caller
		}
		p.IDs = append(p.IDs, event.ID)
		p.Organizations = append(p.Organizations, organization)
		p.Users = append(p.Users, event.User)
		p.Kinds = append(p.Kinds, event.Kind.String())
		p.Times = append(p.Times, event.OccurredAt)
		var payload json.RawMessage // nil is NULL
		if !event.Payload.IsZero() {
			payload = json.RawMessage(event.Payload.String())
		}
		p.Payloads = append(p.Payloads, payload)
	}
}

// outcomeRow is the outcome of the event at a place, counted from 1.
type outcomeRow struct {
	Place        int64 `db:"place"`
	Organization bool  `db:"organization_exists"`
	User         bool  `db:"user_exists"`
	Stored       bool  `db:"stored"`
}

// callersBound are the values of the field Bound.
var callersBound = map[string][]string{"Bound": {"false", "true"}}

// existing joins the user u of an event b. The membership is looked up first, so that
// a user outside costs as much as one that does not exist.
func (p *insertEvents) existing() string {
	if !p.Bound {
		return "LEFT JOIN roster.users u ON u.id = b.user_id AND u.deleted_at IS NULL"
	}
	return `LEFT JOIN LATERAL (SELECT m.user_id FROM roster.memberships m
					WHERE m.organization_id = b.organization_id AND m.user_id = b.user_id OFFSET 0) m ON true
				LEFT JOIN roster.users u ON u.id = m.user_id AND u.deleted_at IS NULL`
}

// Events are inserted in the order of their identity, so that two statements with
// the same events wait for each other instead of deadlocking. Of events with the
// same identity, the first that can be stored is stored.
var eventsInsert = sqlcheck.New(sqlcheck.Def[insertEvents, outcomeRow]{
	Name:  "events.insert",
	Enums: callersBound,
	Build: func(p insertEvents) sq.Sqlizer {
		return sq.Expr(`WITH batch AS MATERIALIZED (
				SELECT b.place, b.id, b.organization_id, b.user_id, b.kind, b.occurred_at, b.payload,
					o.id IS NOT NULL AS organization_exists, u.id IS NOT NULL AS user_exists,
					row_number() OVER (PARTITION BY b.id, b.occurred_at, o.id IS NOT NULL AND u.id IS NOT NULL ORDER BY b.place) AS turn
				FROM unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::timestamptz[], ?::jsonb[])
					WITH ORDINALITY AS b (id, organization_id, user_id, kind, occurred_at, payload, place)
				LEFT JOIN roster.organizations o ON o.id = b.organization_id
				`+p.existing()+`
			), added AS (
				INSERT INTO roster.events (id, organization_id, user_id, kind, occurred_at, payload)
				SELECT b.id, b.organization_id, b.user_id, b.kind, b.occurred_at, b.payload
				FROM batch b WHERE b.organization_exists AND b.user_exists AND b.turn = 1
				ORDER BY b.id, b.occurred_at
				ON CONFLICT (id, occurred_at) DO NOTHING
				RETURNING id, occurred_at
			)
			SELECT b.place, b.organization_exists, b.user_exists, b.turn = 1 AND a.id IS NOT NULL AS stored
			FROM batch b LEFT JOIN added a ON a.id = b.id AND a.occurred_at = b.occurred_at
			ORDER BY b.place`,
			any(p.IDs), any(p.Organizations), any(p.Users), p.Kinds, p.Times, any(p.Payloads))
	},
})

// insertManyEvents is the events of several requests.
type insertManyEvents struct {
	Requests []int32 // the request of each event
	insertEvents
}

type manyOutcomesRow struct {
	Free         bool `db:"free"`
	Organization bool `db:"organization_exists"`
	User         bool `db:"user_exists"`
	Stored       bool `db:"stored"`
}

// eventsInsertMany is eventsInsert for requests of which none may wait. A request
// is left out as a whole where another transaction has locked one of its users or
// organizations. The locks are those that the rollups need.
var eventsInsertMany = sqlcheck.New(sqlcheck.Def[insertManyEvents, manyOutcomesRow]{
	Name:  "events.insert_many",
	Enums: callersBound,
	Build: func(p insertManyEvents) sq.Sqlizer {
		locked := "b.user_id"
		if p.Bound {
			locked = "u.id"
		}
		return sq.Expr(`WITH looked AS (
				SELECT b.place, b.id, b.organization_id, b.user_id, b.kind, b.occurred_at, b.payload,
					o.id IS NOT NULL AS organization_exists, u.id IS NOT NULL AS user_exists,
					bool_and((o.id IS NULL OR s.organization_id IS NOT NULL) AND (u.id IS NULL OR l.id IS NOT NULL)) OVER (PARTITION BY b.request) AS free
				FROM unnest(?::integer[], ?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::timestamptz[], ?::jsonb[])
					WITH ORDINALITY AS b (request, id, organization_id, user_id, kind, occurred_at, payload, place)
				LEFT JOIN LATERAL (SELECT o.id FROM roster.organizations o WHERE o.id = b.organization_id OFFSET 0) o ON true
				`+p.existing()+`
				LEFT JOIN LATERAL (SELECT l.id FROM roster.users l WHERE l.id = `+locked+` FOR KEY SHARE SKIP LOCKED) l ON true
				LEFT JOIN LATERAL (SELECT s.organization_id FROM roster.engagement_organizations s
					WHERE s.organization_id = b.organization_id FOR SHARE SKIP LOCKED) s ON true
			), batch AS MATERIALIZED (
				SELECT k.place, k.id, k.organization_id, k.user_id, k.kind, k.occurred_at, k.payload, k.organization_exists, k.user_exists, k.free,
					row_number() OVER (PARTITION BY k.id, k.occurred_at, k.organization_exists AND k.user_exists AND k.free ORDER BY k.place) AS turn
				FROM looked k
			), added AS (
				INSERT INTO roster.events (id, organization_id, user_id, kind, occurred_at, payload)
				SELECT b.id, b.organization_id, b.user_id, b.kind, b.occurred_at, b.payload
				FROM batch b WHERE b.organization_exists AND b.user_exists AND b.free AND b.turn = 1
				ORDER BY b.id, b.occurred_at
				ON CONFLICT (id, occurred_at) DO NOTHING
				RETURNING id, occurred_at
			)
			SELECT b.free, b.organization_exists, b.user_exists, b.turn = 1 AND a.id IS NOT NULL AS stored
			FROM batch b LEFT JOIN added a ON a.id = b.id AND a.occurred_at = b.occurred_at
			ORDER BY b.place`,
			p.Requests, any(p.IDs), any(p.Organizations), any(p.Users), p.Kinds, p.Times, any(p.Payloads))
	},
})
