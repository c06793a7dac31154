package schema

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

// Report is how a database differs from what this build expects.
type Report struct {
	// Version is the newest migration of the database, Expected that of this build.
	Version, Expected int64
	// Role is the role whose rights were looked at.
	Role        string
	Differences []Difference
}

// Of returns the differences of some severities.
func (r *Report) Of(severities ...Severity) []Difference {
	var found []Difference
	for _, d := range r.Differences {
		if slices.Contains(severities, d.Severity) {
			found = append(found, d)
		}
	}
	return found
}

// ErrOlder is the error of Verify for a database that lacks migrations of this build.
var ErrOlder = errors.New("the schema is older than this Roster: run roster migrate up")

// Verify compares the schema of a database with the expected one, in two statements. It
// looks at the rights of a role; "" is the role of the connection.
func Verify(ctx context.Context, db sqlcheck.DB, role string) (*Report, error) {
	expected, err := Expected()
	if err != nil {
		return nil, err
	}
	version, err := Version(ctx, db)
	switch code(err) {
	case "42501", "42703": // a missing right or column, which the comparison names
		version = expected.Version
	case "42P01", "3F000": // no table, no schema
		return nil, fmt.Errorf("%w (it has no migrations)", ErrOlder)
	default:
		if err != nil {
			return nil, fmt.Errorf("reading the version of the schema: %w", err)
		}
	}
	if version < expected.Version {
		return nil, fmt.Errorf("%w (it is at %05d, and this Roster needs %05d)", ErrOlder, version, expected.Version)
	}
	live, err := Read(ctx, db, role)
	if err != nil {
		return nil, err
	}
	report := &Report{Version: version, Expected: expected.Version, Role: live.Role}
	report.Differences = Compare(expected, &live, version)
	return report, nil
}

// code is the SQLSTATE of an error, if it has one.
func code(err error) string {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code
	}
	return ""
}
