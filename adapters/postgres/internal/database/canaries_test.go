package database

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/domain"
)

// classes are those of appendix A of PostgreSQL's manual, and ZZ, which is not one.
var classes = strings.Fields(`00 01 02 03 08 09 0A 0B 0F 0L 0P 0Z 20 21 22 23 24 25 26 27 28 2B 2D 2F 34 38 39
	3B 3D 3F 40 42 44 53 54 55 57 58 72 F0 HV P0 XX ZZ`)

// canary is in all texts of the server and the driver.
const canary = "canary"

func planted(state, constraint string) *pgconn.PgError {
	return &pgconn.PgError{
		Severity: "canary1", SeverityUnlocalized: "canary2", Code: state,
		Message: "canary3 of canary@example.com", Detail: "canary4 Bearer canary", Hint: "canary5",
		InternalQuery: "SELECT canary6", Where: "canary7", SchemaName: "canary8", TableName: "canary9", ColumnName: "canary10",
		DataTypeName: "canary11", ConstraintName: constraint, File: "canary12.c", Routine: "canary13",
	}
}

// shown is all that a response may hold of an error.
func shown(err error) string {
	var b strings.Builder
	for _, failure := range domain.Failures(err) {
		fmt.Fprintf(&b, "%s|%s|%s|%s|%s\n", failure.Kind, failure.Reason, failure.Field, failure.Detail, failure.Fix)
	}
	return b.String()
}

func noCanary(t *testing.T, name string, err error) {
	t.Helper()
	if got := Translate(t.Context(), fmt.Errorf("query %q: %w", "users.canary", err)); strings.Contains(shown(got), canary) {
		t.Errorf("%s shows %s", name, shown(got))
	} else if !errors.Is(got, err) {
		t.Errorf("%s: the cause is lost: %v", name, got)
	}
}

func TestNoTextOfTheServerIsShown(t *testing.T) {
	names := []string{"", "canary14", "canary_check", "users_canary_key", "canary_pkey", "memberships_canary_fkey"}
	names = slices.AppendSeq(names, maps.Keys(constraints))
	for _, class := range classes {
		for _, state := range statesOf(class) {
			for _, each := range names {
				noCanary(t, state+" of "+each, planted(state, each))
			}
		}
	}
}

// statesOf are the states of a class that Roster tells apart, and others.
func statesOf(class string) []string {
	states := []string{class + "000", class + "999"}
	for _, known := range []string{
		CheckViolation, ForeignKeyViolation, SerializationFailure, DeadlockDetected, UndefinedTable, InvalidSchema,
		"23505", "23502", "22001", "22P02", "22P05", "22021", "54001", "25006", "53100", "53300", "57014", "55P03", "57P01", "57P03",
		"28P01", "42501",
	} {
		if strings.HasPrefix(known, class) {
			states = append(states, known)
		}
	}
	return states
}

func TestNoTextOfTheDriverIsShown(t *testing.T) {
	for _, host := range []string{"host=127.0.0.1 port=1", "host=/canary-host"} {
		const credentials = " user=canary-user password=canary-password database=canary-database sslmode=disable"
		connection, err := pgx.Connect(t.Context(), host+credentials)
		if err == nil {
			_ = connection.Close(t.Context())
			t.Fatalf("%s answers", host)
		}
		if !strings.Contains(err.Error(), "canary-user") || strings.Contains(err.Error(), "canary-password") {
			t.Errorf("the driver says %v", err)
		}
		noCanary(t, host, err)
	}
	for _, err := range []error{
		&net.OpError{Op: "dial", Net: "canary", Err: &net.DNSError{Err: "canary", Name: "canary", Server: "canary"}},
		&pgconn.ParseConfigError{ConnString: "canary"}, pgconn.NewParseConfigError("canary", "canary", errors.New("canary")),
		&pgconn.PrepareError{}, pgx.ErrNoRows, errors.New("canary"),
		errors.Join(errors.New("canary"), planted("23505", "users_email_key"), planted("XX000", "canary")),
	} {
		noCanary(t, fmt.Sprintf("%T", err), err)
	}
}
