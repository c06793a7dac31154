package postgres

import (
	"context"
	"errors"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

// userNames are the unique names of a user, as the indexes have them. An empty text
// is no name.
type userNames struct {
	ID         [16]byte
	Username   string
	Email      string
	ExternalID string
}

func namesOf(id domain.UserID, username domain.Username, email domain.Email, externalID domain.ExternalID) userNames {
	return userNames{ID: id, Username: username.Key(), Email: email.Key(), ExternalID: externalID.String()}
}

type takenNames struct {
	Username   bool `db:"username"`
	Email      bool `db:"email"`
	ExternalID bool `db:"external_id"`
}

// PostgreSQL reports only the first unique index that a row violates.
var usersTaken = sqlcheck.New(sqlcheck.Def[userNames, takenNames]{
	Name: "users.taken",
	Build: func(p userNames) sq.Sqlizer {
		const other = "coalesce(EXISTS (SELECT 1 FROM roster.users u WHERE u.deleted_at IS NULL AND u.id <> ? AND "
		return sq.Select().
			Column(other+`lower(u.username COLLATE "C") = ?), false) AS username`, p.ID, p.Username).
			Column(other+`lower(u.email COLLATE "C") = ?), false) AS email`, p.ID, p.Email).
			Column(other+`u.external_id = ?), false) AS external_id`, p.ID, p.ExternalID)
	},
})

// allTaken adds to the conflict of a write about a taken name those about the other
// names that are taken. Any other error stays.
func (r userReads) allTaken(ctx context.Context, err error, names userNames) error {
	conflict, ok := errors.AsType[*domain.Error](err)
	if !ok || conflict.Kind != domain.Conflict || conflict.Reason != domain.ReasonTaken {
		return err
	}
	row, failed := database.Read(ctx, r.pool, func(db sqlcheck.DB) (takenNames, error) { return usersTaken.One(ctx, db, names) })
	if failed != nil {
		return err // the first conflict is still true
	}
	all := []error{err}
	for _, name := range []struct {
		field, constraint string
		taken             bool
	}{
		{"username", "users_username_key", row.Username},
		{"email", "users_email_key", row.Email},
		{"external_id", "users_external_id_key", row.ExternalID},
	} {
		if name.taken && name.field != conflict.Field {
			all = append(all, database.Violated(name.constraint))
		}
	}
	if len(all) == 1 {
		return err
	}
	return errors.Join(all...)
}
