package rows

import (
	"encoding/json"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/domain"
)

// User is a row of roster.users.
type User struct {
	ID          [16]byte        `db:"id"`
	ExternalID  *string         `db:"external_id"`
	Username    string          `db:"username"`
	Email       string          `db:"email"`
	DisplayName string          `db:"display_name"`
	Attributes  json.RawMessage `db:"attributes"`
	Status      string          `db:"status"`
	CreatedAt   time.Time       `db:"created_at"`
	UpdatedAt   time.Time       `db:"updated_at"`
	Version     int64           `db:"version"`
}

// UserColumns are the columns of User, under the table's name or alias.
func UserColumns(table string) []string {
	return Qualified(table, "id", "external_id", "username", "email", "display_name", "attributes", "status",
		"created_at", "updated_at", "version")
}

// SelectUsers selects the users u that are not deleted, as rows User.
func SelectUsers() sq.SelectBuilder {
	return sq.Select(UserColumns("u")...).From("roster.users u").Where("u.deleted_at IS NULL")
}

// Value converts the row.
func (r User) Value() (domain.User, error) {
	c := Conversion{Table: "users", ID: domain.UserID(r.ID).String()}
	user := domain.User{
		ID:          r.ID,
		Username:    Parse(&c, "username", r.Username, domain.ParseUsername),
		Email:       Parse(&c, "email", r.Email, domain.ParseEmail),
		DisplayName: Parse(&c, "display_name", r.DisplayName, domain.ParseDisplayName),
		Status:      Parse(&c, "status", r.Status, domain.ParseStatus),
		CreatedAt:   r.CreatedAt.UTC(),
		UpdatedAt:   r.UpdatedAt.UTC(),
		Version:     domain.Version(r.Version),
	}
	if r.ExternalID != nil {
		user.ExternalID = Parse(&c, "external_id", *r.ExternalID, domain.ParseExternalID)
	}
	// Most users have no attributes, which is the zero value.
	if string(r.Attributes) != "{}" {
		user.Attributes = Parse(&c, "attributes", []byte(r.Attributes), domain.ParseAttributes)
	}
	return user, c.Err()
}

// AnyUser is a row of roster.users that may be deleted.
type AnyUser struct {
	User
	DeletedAt *time.Time `db:"deleted_at"`
}

// SelectAnyUsers selects users u, deleted or not, as rows AnyUser.
func SelectAnyUsers() sq.SelectBuilder {
	return sq.Select(UserColumns("u")...).Column("u.deleted_at").From("roster.users u")
}

// Value converts the row.
func (r AnyUser) Value() (domain.User, error) {
	user, err := r.User.Value()
	if r.DeletedAt != nil {
		user.DeletedAt = r.DeletedAt.UTC()
	}
	return user, err
}
