package postgres

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// userWrites implements ports.UserWriter.
type userWrites struct {
	pool    *database.Pool
	reads   userReads // they say why a write found no row
	members memberReads
	inserts writer[insertUser, rows.User]
	updates writer[updateUser, rows.User]
	patches writer[patchUser, rows.User]
	deletes writer[deleteUser, int64]
	// Commands of bound callers share no statement with others.
	memberUpdates writer[updateUser, rows.User]
	memberPatches writer[patchUser, rows.User]
}

func newUserWrites(pool *database.Pool, reads userReads, members memberReads) userWrites {
	// Of two concurrent batches with members of one organization, the second would
	// find its rollup locked, and leave them out. They would be deleted one by one.
	deletes := database.ManyWrites
	deletes.MaxBatches = 1
	updates := statements[updateUser, rows.User]{many: updateMany, one: userUpdate.One, await: userIsFree}
	patches := statements[patchUser, rows.User]{many: patchMany, alone: patchAlone}
	return userWrites{
		pool: pool, reads: reads, members: members,
		inserts: newWriter(pool, database.ManyWrites, statements[insertUser, rows.User]{many: insertMany, one: userInsert.One}),
		updates: newWriter(pool, database.ManyWrites, updates),
		patches: newWriter(pool, database.ManyWrites, patches),
		deletes: newWriter(pool, deletes, statements[deleteUser, int64]{many: deleteMany, one: userDelete.Exec, await: userIsFree}),

		memberUpdates: newWriter(pool, database.ManyWrites, updates),
		memberPatches: newWriter(pool, database.ManyWrites, patches),
	}
}

// CreateUser implements ports.UserWriter.
func (w userWrites) CreateUser(ctx context.Context, in ports.CreateUser) (domain.User, error) {
	user := in.User
	row, err := w.inserts.do(ctx, in.Idempotency, insertUser{
		ID:          user.ID,
		ExternalID:  rows.Text(user.ExternalID),
		Username:    user.Username.String(),
		Email:       user.Email.String(),
		DisplayName: user.DisplayName.String(),
		Attributes:  json.RawMessage(user.Attributes.String()),
		Status:      string(user.Status),
		CreatedAt:   user.CreatedAt,
		UpdatedAt:   user.UpdatedAt,
		Version:     int64(user.Version),
	})
	if err != nil {
		return domain.User{}, w.reads.allTaken(ctx, err, namesOf(user.ID, user.Username, user.Email, user.ExternalID))
	}
	return row.Value()
}

// ReplaceUser implements ports.UserWriter.
func (w userWrites) ReplaceUser(ctx context.Context, in ports.ReplaceUser) (domain.User, error) {
	update := updateUser{
		ID:          in.ID,
		Expected:    int64(in.IfMatch),
		Username:    in.Username.String(),
		Email:       in.Email.String(),
		ExternalID:  rows.Text(in.ExternalID),
		DisplayName: rows.Text(in.DisplayName),
		Status:      rows.NonZero(string(in.Status)),
		At:          in.At,
		Suspends:    in.Status == domain.Suspended,
		Bound:       !in.Within.IsZero(),
		Within:      in.Within,
	}
	if in.Attributes != nil {
		update.Attributes = new(json.RawMessage(in.Attributes.String()))
	}
	writer := w.updates
	if update.Bound {
		writer = w.memberUpdates
	}
	row, err := writer.do(ctx, in.Idempotency, update)
	if err != nil {
		err = w.reads.allTaken(ctx, err, namesOf(in.ID, in.Username, in.Email, in.ExternalID))
		return domain.User{}, w.explain(ctx, err, in.ID, in.Within, in.IfMatch)
	}
	return row.Value()
}

// PatchUser implements ports.UserWriter.
func (w userWrites) PatchUser(ctx context.Context, in ports.PatchUser) (domain.User, error) {
	patch := patchUser{
		ID: in.ID, Expected: int64(in.IfMatch),
		Username: rows.Text(in.Username), Email: rows.Text(in.Email), DisplayName: rows.Text(in.DisplayName),
		Status: rows.NonZero(string(in.Status)), NoExternalID: in.NoExternalID, ExternalID: rows.Text(in.ExternalID),
		NoAttributes: in.NoAttributes, Attributes: json.RawMessage("{}"), At: in.At, Suspends: in.Status == domain.Suspended,
		Bound: !in.Within.IsZero(), Within: in.Within,
	}
	if in.Attributes != nil {
		patch.Attributes = json.RawMessage(in.Attributes.String())
	}
	writer := w.patches
	if patch.Bound {
		writer = w.memberPatches
	}
	row, err := writer.do(ctx, in.Idempotency, patch)
	if err != nil {
		err = w.reads.allTaken(ctx, err, namesOf(in.ID, in.Username, in.Email, in.ExternalID))
		return domain.User{}, w.explain(ctx, err, in.ID, in.Within, in.IfMatch)
	}
	return row.Value()
}

// DeleteUser implements ports.UserWriter.
func (w userWrites) DeleteUser(ctx context.Context, in ports.DeleteUser) error {
	n, err := w.deletes.do(ctx, nil, deleteUser{ID: in.ID, Expected: int64(in.IfMatch), At: in.At})
	if err == nil && n == 0 {
		err = pgx.ErrNoRows
	}
	return w.explain(ctx, err, in.ID, domain.OrganizationID{}, in.IfMatch)
}

// explain says why a write found no row. It reads the user only then, and as the
// writer may see it.
func (w userWrites) explain(
	ctx context.Context, err error, id domain.UserID, within domain.OrganizationID, expected domain.Version,
) error {
	if !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	if expected == 0 {
		return domain.Absent("user", id)
	}
	var stored domain.User
	if within.IsZero() {
		stored, err = w.reads.UserByID(ctx, id)
	} else {
		stored, err = w.members.UserByIDWithin(ctx, memberID{Organization: within, Wanted: id})
	}
	if err != nil {
		return err
	}
	return domain.Outdated("user", stored.Version, expected)
}
