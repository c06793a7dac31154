package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// CreateUser implements ports.UserWriter.
func (s *Users) CreateUser(ctx context.Context, in ports.CreateUser) (domain.User, error) {
	user := in.User
	row, err := oneWrite(ctx, s.d, in.Idempotency, s.d.lanes.created, insertUser{
		ID:          user.ID,
		ExternalID:  optional(user.ExternalID),
		Username:    user.Username.String(),
		Email:       user.Email.String(),
		DisplayName: user.DisplayName.String(),
		Attributes:  json.RawMessage(user.Attributes.String()),
		Status:      string(user.Status),
		CreatedAt:   user.CreatedAt,
		UpdatedAt:   user.UpdatedAt,
		Version:     int64(user.Version),
	}, insertOne)
	if err != nil {
		return domain.User{}, err
	}
	return row.user()
}

// ReplaceUser implements ports.UserWriter.
func (s *Users) ReplaceUser(ctx context.Context, in ports.ReplaceUser) (domain.User, error) {
	update := updateUser{
		ID:          in.ID,
		Expected:    int64(in.IfMatch),
		Username:    in.Username.String(),
		Email:       in.Email.String(),
		ExternalID:  optional(in.ExternalID),
		DisplayName: optional(in.DisplayName),
		At:          in.At,
		Suspends:    in.Status == domain.Suspended,
	}
	if in.Attributes != nil {
		update.Attributes = new(json.RawMessage(in.Attributes.String()))
	}
	if in.Status != "" {
		update.Status = new(string(in.Status))
	}
	lane := s.d.lanes.replaced
	if update.Suspends {
		lane = nil // its statement locks organizations
	}
	row, err := oneWrite(ctx, s.d, in.Idempotency, lane, update, updateOne)
	if errors.Is(err, pgx.ErrNoRows) {
		return domain.User{}, s.unmatched(ctx, in.ID, in.IfMatch)
	}
	if err != nil {
		return domain.User{}, err
	}
	return row.user()
}

// DeleteUser implements ports.UserWriter.
func (s *Users) DeleteUser(ctx context.Context, in ports.DeleteUser) error {
	n, err := oneWrite(ctx, s.d, nil, s.d.lanes.deleted, deleteUser{ID: in.ID, Expected: int64(in.IfMatch), At: in.At}, deleteOne)
	if err == nil && n == 0 {
		return s.unmatched(ctx, in.ID, in.IfMatch)
	}
	return err
}

// unmatched tells why a write found no row. Only a write that failed pays for
// the question.
func (s *Users) unmatched(ctx context.Context, id domain.UserID, expected domain.Version) error {
	if expected == 0 {
		return domain.Absent("user", id)
	}
	stored, err := s.UserByID(ctx, id)
	if err != nil {
		return err
	}
	return stale("user", stored.Version, expected)
}

func stale(thing string, stored, expected domain.Version) error {
	return &domain.Error{
		Kind: domain.Stale, Reason: domain.ReasonVersion,
		Detail: fmt.Sprintf("the %s is at version %d, not %d", thing, stored, expected),
		Fix:    "read it again and decide anew",
	}
}

// optional is what text says, nil where nothing was given.
func optional[T interface {
	comparable
	String() string
}](text T) *string {
	var unset T
	if text == unset {
		return nil
	}
	return new(text.String())
}
