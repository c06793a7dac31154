package postgres

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/roster-directory/roster/domain"
)

// userRow is a row of roster.users.
type userRow struct {
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

// userColumns are those of userRow, under the table's own name or alias.
func userColumns(table string) []string {
	return qualified(table, "id", "external_id", "username", "email", "display_name", "attributes", "status", "created_at", "updated_at", "version")
}

func qualified(table string, columns ...string) []string {
	for i := range columns {
		columns[i] = table + "." + columns[i]
	}
	return columns
}

func (r userRow) user() (domain.User, error) {
	p := parsing{table: "users", id: domain.UserID(r.ID).String()}
	user := domain.User{
		ID:          r.ID,
		Username:    parsed(&p, "username", r.Username, domain.ParseUsername),
		Email:       parsed(&p, "email", r.Email, domain.ParseEmail),
		DisplayName: parsed(&p, "display_name", r.DisplayName, domain.ParseDisplayName),
		Status:      parsed(&p, "status", r.Status, domain.ParseStatus),
		CreatedAt:   r.CreatedAt.UTC(),
		UpdatedAt:   r.UpdatedAt.UTC(),
		Version:     domain.Version(r.Version),
	}
	if r.ExternalID != nil {
		user.ExternalID = parsed(&p, "external_id", *r.ExternalID, domain.ParseExternalID)
	}
	// Nearly all users keep no attributes: the zero value is that object.
	if string(r.Attributes) != "{}" {
		user.Attributes = parsed(&p, "attributes", []byte(r.Attributes), domain.ParseAttributes)
	}
	return user, p.fault()
}

// converted makes one thing of each row; nil of none.
func converted[R, T any](rows []R, convert func(R) (T, error)) ([]T, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	all := make([]T, len(rows))
	for i, row := range rows {
		var err error
		if all[i], err = convert(row); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// parsing gathers the columns of one row that the domain does not accept. Such
// a row was not written by Roster, so the error is nobody's input: it names
// the row and the column for whoever looks after the database, and is no
// domain error.
type parsing struct {
	table, id string
	faults    []error
}

func parsed[S, T any](p *parsing, column string, value S, parse func(S) (T, error)) T {
	v, err := parse(value)
	if err != nil {
		p.faults = append(p.faults, fmt.Errorf("column %s: %s", column, err)) //nolint:errorlint // not %w: the kind Invalid would blame the caller
	}
	return v
}

func (p *parsing) fault() error {
	if len(p.faults) == 0 {
		return nil
	}
	return fmt.Errorf("roster.%s holds a row, %s, that is no %.*s: %w", p.table, p.id, len(p.table)-1, p.table, errors.Join(p.faults...))
}
