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
	inserts writer[insertUser, rows.User]
	updates writer[updateUser, rows.User]
	patches writer[patchUser, rows.User]
	deletes writer[deleteUser, int64]
}

func newUserWrites(pool *database.Pool, reads userReads) userWrites {
	// Of two concurrent batches with members of one organization, the second would
	// find its rollup locked, and leave them out. They would be deleted one by one.
	deletes := database.ManyWrites
	deletes.MaxBatches = 1
	return userWrites{
		pool: pool, reads: reads,
		inserts: newWriter(pool, database.ManyWrites, statements[insertUser, rows.User]{many: insertMany, one: insertOne}),
		updates: newWriter(pool, database.ManyWrites, statements[updateUser, rows.User]{many: updateMany, one: updateOne, await: userIsFree}),
		patches: newWriter(pool, database.ManyWrites, statements[patchUser, rows.User]{many: patchMany, alone: patchAlone}),
		deletes: newWriter(pool, deletes, statements[deleteUser, int64]{many: deleteMany, one: deleteOne, await: userIsFree}),
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
	}
	if in.Attributes != nil {
		update.Attributes = new(json.RawMessage(in.Attributes.String()))
	}
	row, err := w.updates.do(ctx, in.Idempotency, update)
	if err != nil {
		err = w.reads.allTaken(ctx, err, namesOf(in.ID, in.Username, in.Email, in.ExternalID))
		return domain.User{}, w.explain(ctx, err, in.ID, in.IfMatch)
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
	}
	if in.Attributes != nil {
		patch.Attributes = json.RawMessage(in.Attributes.String())
	}
	row, err := w.patches.do(ctx, in.Idempotency, patch)
	if err != nil {
		err = w.reads.allTaken(ctx, err, namesOf(in.ID, in.Username, in.Email, in.ExternalID))
		return domain.User{}, w.explain(ctx, err, in.ID, in.IfMatch)
	}
	return row.Value()
}

// DeleteUser implements ports.UserWriter.
func (w userWrites) DeleteUser(ctx context.Context, in ports.DeleteUser) error {
	n, err := w.deletes.do(ctx, nil, deleteUser{ID: in.ID, Expected: int64(in.IfMatch), At: in.At})
	if err == nil && n == 0 {
		err = pgx.ErrNoRows
	}
	return w.explain(ctx, err, in.ID, in.IfMatch)
}

// explain says why a write found no row. It reads the user only then.
func (w userWrites) explain(ctx context.Context, err error, id domain.UserID, expected domain.Version) error {
	if !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	if expected == 0 {
		return domain.Absent("user", id)
	}
	stored, err := w.reads.UserByID(ctx, id)
	if err != nil {
		return err
	}
	return stale("user", stored.Version, expected)
}
