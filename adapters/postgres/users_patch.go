package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	sq "github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// patchUser changes some of a user; what is nil stays as it is.
type patchUser struct {
	ID           [16]byte
	Expected     int64 // 0: any version
	Username     *string
	Email        *string
	DisplayName  *string
	Status       *string
	NoExternalID bool
	ExternalID   *string
	// Attributes are merged into what is there, or into nothing.
	NoAttributes bool
	Attributes   json.RawMessage
	At           time.Time
	// Suspends is whether an organization may lose an owner.
	Suspends bool
}

var userPatch = sqlcheck.New(sqlcheck.Def[patchUser, userRow]{
	Name:  "users.patch",
	Enums: map[string][]string{"Suspends": {"false", "true"}, "NoExternalID": {"false", "true"}, "NoAttributes": {"false", "true"}},
	Build: func(p patchUser) sq.Sqlizer {
		external, target := sq.Expr("coalesce(?, u.external_id)", p.ExternalID), "u.attributes"
		if p.NoExternalID {
			external = sq.Expr("NULL")
		}
		if p.NoAttributes {
			target = "'{}'"
		}
		b := sq.Update("roster.users AS u").
			Set("username", sq.Expr("coalesce(?, u.username)", p.Username)).
			Set("email", sq.Expr("coalesce(?, u.email)", p.Email)).
			Set("external_id", external).
			Set("display_name", sq.Expr("coalesce(?, u.display_name)", p.DisplayName)).
			Set("attributes", sq.Expr("roster.json_merge_patch("+target+", ?)", p.Attributes)).
			Set("status", sq.Expr("coalesce(?, u.status)", p.Status)).
			Set("updated_at", p.At).
			Set("version", sq.Expr("u.version + 1")).
			Where("u.id = ? AND u.deleted_at IS NULL", p.ID).
			Where(expectedVersion("u"), p.Expected, p.Expected)
		if p.Suspends {
			b = b.PrefixExpr(lockOwned(p.ID)).Where(lockedFirst)
		}
		return b.Suffix(returning(userColumns("u")))
	},
})

// PatchUser implements ports.UserWriter.
func (s *Users) PatchUser(ctx context.Context, in ports.PatchUser) (domain.User, error) {
	patch := patchUser{
		ID: in.ID, Expected: int64(in.IfMatch), Username: optional(in.Username), Email: optional(in.Email), DisplayName: optional(in.DisplayName),
		Status: given(string(in.Status)), NoExternalID: in.NoExternalID, ExternalID: optional(in.ExternalID),
		NoAttributes: in.NoAttributes, Attributes: json.RawMessage("{}"), At: in.At, Suspends: in.Status == domain.Suspended,
	}
	if in.Attributes != nil {
		patch.Attributes = json.RawMessage(in.Attributes.String())
	}
	row, err := s.patch(ctx, in.Idempotency, patch)
	if errors.Is(err, pgx.ErrNoRows) {
		return domain.User{}, s.unmatched(ctx, in.ID, in.IfMatch)
	}
	if err != nil {
		return domain.User{}, err
	}
	return row.user()
}

// merges is whether the attributes could become too large.
func (in patchUser) merges() bool { return string(in.Attributes) != "{}" }

// patch sends a patch. By itself it is undone where the attributes are more
// than the domain allows afterwards: the sum of two that are small can be large.
func (s *Users) patch(ctx context.Context, key *ports.Idempotency, patch patchUser) (userRow, error) {
	lane := s.d.lanes.patched
	if patch.Suspends {
		lane = nil // its statement locks organizations
	}
	if lane != nil && key == nil {
		row, err := lane.Do(ctx, patch)
		if !errors.Is(err, errAlone) {
			return row, translate(ctx, err)
		}
	}
	send := func(db sqlcheck.DB) (userRow, error) {
		row, err := userPatch.One(ctx, db, patch)
		if err == nil && patch.merges() {
			_, err = domain.ParseAttributes(row.Attributes)
		}
		return row, err
	}
	if key != nil || !patch.merges() {
		return once(ctx, s.d, key, send)
	}
	return writeTx(ctx, s.d, func(_ context.Context, tx sqlcheck.Tx) (userRow, error) { return send(tx) })
}
