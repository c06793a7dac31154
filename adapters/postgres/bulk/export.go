package bulk

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

type exportedUser struct {
	rows.User
	DeletedAt *time.Time `db:"deleted_at"`
}

func (r exportedUser) user() (ports.UserRecord, error) {
	user, err := r.User.Value()
	record := ports.UserRecord{User: user, HasAttributes: true}
	if r.DeletedAt != nil {
		record.DeletedAt = r.DeletedAt.UTC()
	}
	return record, err
}

type exportedMembership struct {
	OrganizationID [16]byte  `db:"organization_id"`
	UserID         [16]byte  `db:"user_id"`
	Role           string    `db:"role"`
	JoinedAt       time.Time `db:"joined_at"`
}

func (r exportedMembership) membership() (domain.Membership, error) {
	c := rows.Conversion{Table: "memberships", ID: domain.UserID(r.UserID).String()}
	return domain.Membership{
		Organization: r.OrganizationID, User: r.UserID,
		Role: rows.Parse(&c, "role", r.Role, domain.ParseRole), JoinedAt: r.JoinedAt.UTC(),
	}, c.Err()
}

type exportedEvent struct {
	ID             [16]byte        `db:"id"`
	OrganizationID [16]byte        `db:"organization_id"`
	UserID         *[16]byte       `db:"user_id"`
	Kind           string          `db:"kind"`
	OccurredAt     time.Time       `db:"occurred_at"`
	Payload        json.RawMessage `db:"payload"`
}

func (r exportedEvent) event() (domain.Event, error) {
	c := rows.Conversion{Table: "events", ID: domain.EventID(r.ID).String()}
	event := domain.Event{
		ID: r.ID, Organization: r.OrganizationID,
		Kind: rows.Parse(&c, "kind", r.Kind, domain.ParseEventKind), OccurredAt: r.OccurredAt.UTC(),
	}
	if r.UserID != nil {
		event.User = *r.UserID
	}
	if r.Payload != nil {
		event.Payload = rows.Parse(&c, "payload", []byte(r.Payload), domain.ParsePayload)
	}
	return event, c.Err()
}

var (
	exportPlans = exporting[rows.Plan]("plans",
		sq.Select("code", "name", "seats").From("roster.plans").OrderBy(`code COLLATE "C"`), nil)
	exportOrganizations = exporting[rows.Organization]("organizations",
		sq.Select("id", "name", "slug", "plan", "created_at", "version").From("roster.organizations").OrderBy("id"), nil)
	exportUsers = exporting[exportedUser]("users",
		sq.Select(rows.UserColumns("u")...).Column("u.deleted_at").From("roster.users u").OrderBy("u.id"), nil)
	exportMemberships = exporting[exportedMembership]("memberships",
		sq.Select("organization_id", "user_id", "role", "joined_at").From("roster.memberships").
			Where("organization_id NOT IN ("+erasedOrganizations+")").OrderBy("organization_id", "user_id"),
		map[string]string{"roster.memberships": "the planner may sort what is left of the index without deleted organizations"})
	exportEvents = exporting[exportedEvent]("events",
		// Events whose erasure is not finished are shown as afterwards.
		sq.Select("e.id", "e.organization_id", "e.kind", "e.occurred_at", "e.payload").
			Column("CASE WHEN e.user_id NOT IN ("+erasedUsers+") THEN e.user_id END AS user_id").
			From("roster.events e").
			Where("e.organization_id NOT IN ("+erasedOrganizations+")").
			OrderBy("e.occurred_at", "e.id"), nil)
)

func exporting[R any](table string, query sq.SelectBuilder, sorted map[string]string) *sqlcheck.Query[sqlcheck.None, R] {
	return sqlcheck.New(sqlcheck.Def[sqlcheck.None, R]{
		Name: "bulk.export." + table, Build: func(sqlcheck.None) sq.Sqlizer { return query },
		Plan: sqlcheck.Gate{Whole: map[string]string{"roster." + table: "an export writes every row"}, Sort: sorted},
	})
}

// Export implements ports.BulkStore.
func (b *Store) Export(ctx context.Context, to ports.RecordWriter) error {
	return b.export(ctx, ports.RecordKinds(), to)
}

// ExportKind implements ports.BulkStore.
func (b *Store) ExportKind(ctx context.Context, kind ports.RecordKind, to ports.RecordWriter) error {
	return b.export(ctx, []ports.RecordKind{kind}, to)
}

// export writes the kinds as of one moment.
func (b *Store) export(ctx context.Context, kinds []ports.RecordKind, to ports.RecordWriter) error {
	options := sqlcheck.TxOptions{Isolation: pgx.RepeatableRead, ReadOnly: true}
	return database.Translate(ctx, sqlcheck.InTx(ctx, b.pool.Session(), options, func(ctx context.Context, tx sqlcheck.Tx) error {
		if err := allowTime(ctx, tx); err != nil {
			return err
		}
		for _, kind := range kinds {
			if err := exportKind(ctx, tx, kind, to); err != nil {
				return err
			}
		}
		return nil
	}))
}

func exportKind(ctx context.Context, tx sqlcheck.Tx, kind ports.RecordKind, to ports.RecordWriter) error {
	switch kind {
	case ports.PlanRecords:
		return export(ctx, tx, exportPlans, rows.Plan.Value, to.WritePlan)
	case ports.OrganizationRecords:
		return export(ctx, tx, exportOrganizations, rows.Organization.Value, to.WriteOrganization)
	case ports.UserRecords:
		return export(ctx, tx, exportUsers, exportedUser.user, to.WriteUser)
	case ports.MembershipRecords:
		return export(ctx, tx, exportMemberships, exportedMembership.membership, to.WriteMembership)
	case ports.EventRecords:
		return export(ctx, tx, exportEvents, exportedEvent.event, to.WriteEvent)
	}
	return fmt.Errorf("there are no records of the kind %q", kind)
}

func export[R, T any](
	ctx context.Context, tx sqlcheck.Tx, query *sqlcheck.Query[sqlcheck.None, R], convert func(R) (T, error), write func(T) error,
) error {
	return query.Each(ctx, tx, sqlcheck.None{}, func(row *R) error {
		record, err := convert(*row)
		if err != nil {
			return err
		}
		return write(record)
	})
}
