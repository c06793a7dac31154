package database

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/domain"
)

// The SQLSTATEs that code tells apart (appendix A of PostgreSQL's manual).
const (
	CheckViolation       = "23514"
	ForeignKeyViolation  = "23503"
	SerializationFailure = "40001"
	DeadlockDetected     = "40P01"
	LockNotAvailable     = "55P03"
	QueryCancelled       = "57014" // by statement_timeout
	TooManyConnections   = "53300"
	NoPrivilege          = "42501"
	UndefinedTable       = "42P01"
	InvalidSchema        = "3F000"
)

// Translate turns an error of the database or the driver into a domain error,
// once, by SQLSTATE and constraint name. It keeps the cause; Detail and Fix hold
// none of it. An error that the caller's own context caused is that context's
// error, and an unexpected one stays as it is.
func Translate(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if _, done := errors.AsType[*domain.Error](err); done {
		return err
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		if fault, known := violation(pg); known {
			fault.Err = err
			return &fault
		}
	}
	if cause := ctx.Err(); cause != nil {
		if errors.Is(err, cause) {
			return err
		}
		return fmt.Errorf("%w: %w", cause, err)
	}
	if fault, known := outage(err); known {
		fault.Err = err
		return &fault
	}
	return err
}

// Code is the SQLSTATE in err, empty where the server did not answer.
func Code(err error) string {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code
	}
	return ""
}

// Constraint is the name of the constraint that err violates, if any.
func Constraint(err error) string {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.ConstraintName
	}
	return ""
}

// OfOneRequest reports whether err, of a statement for several requests, may be
// the fault of one of them, rather than that of the database.
func OfOneRequest(err error) bool {
	state := Code(err)
	return state != "" && outageReason(state) == ""
}

var unavailable = map[domain.Reason]domain.Error{
	domain.ReasonReadOnly: {
		Kind: domain.Unavailable, Reason: domain.ReasonReadOnly,
		Detail: "the database accepts no writes now", Fix: "read on, and write again later",
	},
	domain.ReasonOverloaded: {
		Kind: domain.Unavailable, Reason: domain.ReasonOverloaded,
		Detail: "the database is too busy to answer in time", Fix: "try again later",
	},
	domain.ReasonUnreachable: {
		Kind: domain.Unavailable, Reason: domain.ReasonUnreachable,
		Detail: "the database does not answer", Fix: "try again later",
	},
}

// outage says why the database can't serve requests of this kind now.
func outage(err error) (domain.Error, bool) {
	reason := outageReason(Code(err))
	switch {
	case errors.Is(err, batch.ErrFull):
		reason = domain.ReasonOverloaded
	case reason == "" && broken(err):
		reason = domain.ReasonUnreachable
	}
	fault, known := unavailable[reason]
	return fault, known
}

func outageReason(code string) domain.Reason {
	switch code {
	case "25006", "53100": // read-only transaction, disk full
		return domain.ReasonReadOnly
	case QueryCancelled, LockNotAvailable, // statement and lock timeouts
		SerializationFailure, DeadlockDetected: // conflicts that repeating did not solve
		return domain.ReasonOverloaded
	case "57P01", "57P02", "57P03", "57P05", "25P03", "3D000": // shut down, crashed, starting up, idle too long, no such database
		return domain.ReasonUnreachable
	}
	switch {
	case strings.HasPrefix(code, "53"): // too many connections, out of memory
		return domain.ReasonOverloaded
	case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "28"): // connection, authorization
		return domain.ReasonUnreachable
	}
	return ""
}

// broken reports whether err says that the connection can't be used, rather than
// that the server refused a statement.
func broken(err error) bool {
	if state := Code(err); state != "" {
		return outageReason(state) == domain.ReasonUnreachable
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	for _, end := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, puddle.ErrClosedPool, batch.ErrClosed} {
		if errors.Is(err, end) {
			return true
		}
	}
	return dialing(err) || pgconn.SafeToRetry(err)
}

// dialing reports whether err is that no connection could be made.
func dialing(err error) bool {
	_, ok := errors.AsType[*pgconn.ConnectError](err)
	return ok
}
