package database

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

const secret = "ada@example.com"

// said is an error of the server. Its texts hold personal data.
func said(state string, set ...func(*pgconn.PgError)) error {
	pg := &pgconn.PgError{Code: state, Message: "about " + secret, Detail: "Key (email)=(" + secret + ")", TableName: "users"}
	for _, f := range set {
		f(pg)
	}
	return fmt.Errorf("query %q: %w", "users.insert", pg)
}

func violating(name string) func(*pgconn.PgError) {
	return func(pg *pgconn.PgError) { pg.ConstraintName = name }
}

type translation struct {
	err    error
	kind   domain.Kind
	reason domain.Reason
	field  string
}

func TestErrorsAreTranslated(t *testing.T) {
	for name, want := range map[string]translation{
		"a username in use":      {said("23505", violating("users_username_key")), domain.Conflict, domain.ReasonTaken, "username"},
		"an address in use":      {said("23505", violating("users_email_key")), domain.Conflict, domain.ReasonTaken, "email"},
		"an external id in use":  {said("23505", violating("users_external_id_key")), domain.Conflict, domain.ReasonTaken, "external_id"},
		"a user's id in use":     {said("23505", violating("users_pkey")), domain.Conflict, domain.ReasonTaken, "id"},
		"a slug in use":          {said("23505", violating("organizations_slug_key")), domain.Conflict, domain.ReasonTaken, "slug"},
		"an id in use":           {said("23505", violating("organizations_pkey")), domain.Conflict, domain.ReasonTaken, "id"},
		"a plan code in use":     {said("23505", violating("plans_pkey")), domain.Conflict, domain.ReasonTaken, "plan"},
		"an unknown plan":        {said("23503", violating("organizations_plan_fkey")), domain.Invalid, domain.ReasonUnknown, "plan"},
		"a membership twice":     {said("23505", violating("memberships_pkey")), domain.Conflict, domain.ReasonTaken, "user"},
		"no such organization":   {said("23503", violating("memberships_organization_id_fkey")), domain.NotFound, domain.ReasonUnknown, ""},
		"no such user":           {said("23503", violating("memberships_user_id_fkey")), domain.NotFound, domain.ReasonUnknown, ""},
		"the last owner":         {said("23514", violating("memberships_last_owner")), domain.Conflict, domain.ReasonLastOwner, ""},
		"no seat":                {said("23514", violating("memberships_seats")), domain.Conflict, domain.ReasonSeats, ""},
		"an event out of range":  {said("23514", violating("events_occurred_at_check")), domain.Invalid, domain.ReasonRange, "occurred_at"},
		"a check of a column":    {said("23514", violating("users_display_name_check")), domain.Invalid, domain.ReasonRange, "display_name"},
		"invalid JSON":           {said("22P02"), domain.Invalid, domain.ReasonSyntax, ""},
		"NUL in JSON":            {said("22P05"), domain.Invalid, domain.ReasonSyntax, ""},
		"invalid UTF-8":          {said("22021"), domain.Invalid, domain.ReasonSyntax, ""},
		"JSON nested too deeply": {said("54001"), domain.Invalid, domain.ReasonSyntax, ""},
		"read only":              {said("25006"), domain.Unavailable, domain.ReasonReadOnly, ""},
		"disk full":              {said("53100"), domain.Unavailable, domain.ReasonReadOnly, ""},
		"statement timeout":      {said("57014"), domain.Unavailable, domain.ReasonOverloaded, ""},
		"lock timeout":           {said("55P03"), domain.Unavailable, domain.ReasonOverloaded, ""},
		"too many connections":   {said("53300"), domain.Unavailable, domain.ReasonOverloaded, ""},
		"out of memory":          {said("53200"), domain.Unavailable, domain.ReasonOverloaded, ""},
		"serialization":          {said("40001"), domain.Unavailable, domain.ReasonOverloaded, ""},
		"deadlock":               {said("40P01"), domain.Unavailable, domain.ReasonOverloaded, ""},
		"shut down":              {said("57P01"), domain.Unavailable, domain.ReasonUnreachable, ""},
		"crashed":                {said("57P02"), domain.Unavailable, domain.ReasonUnreachable, ""},
		"starting up":            {said("57P03"), domain.Unavailable, domain.ReasonUnreachable, ""},
		"idle in transaction":    {said("25P03"), domain.Unavailable, domain.ReasonUnreachable, ""},
		"connection failure":     {said("08006"), domain.Unavailable, domain.ReasonUnreachable, ""},
		"wrong password":         {said("28P01"), domain.Unavailable, domain.ReasonUnreachable, ""},
		"no such database":       {said("3D000"), domain.Unavailable, domain.ReasonUnreachable, ""},
		"a stream that ended":    {fmt.Errorf("receive: %w", io.ErrUnexpectedEOF), domain.Unavailable, domain.ReasonUnreachable, ""},
		"a stream at its end":    {io.EOF, domain.Unavailable, domain.ReasonUnreachable, ""},
		"a closed connection":    {net.ErrClosed, domain.Unavailable, domain.ReasonUnreachable, ""},
		"a refused connection":   {&net.OpError{Op: "dial", Err: errors.New("refused")}, domain.Unavailable, domain.ReasonUnreachable, ""},
		"a connection not made":  {&pgconn.ConnectError{}, domain.Unavailable, domain.ReasonUnreachable, ""},
		"a queue that is full":   {batch.ErrFull, domain.Unavailable, domain.ReasonOverloaded, ""},
		"a closed batcher":       {batch.ErrClosed, domain.Unavailable, domain.ReasonUnreachable, ""},
		"a closed pool":          {puddle.ErrClosedPool, domain.Unavailable, domain.ReasonUnreachable, ""},
		"a driver's own deadline": {
			fmt.Errorf("connect: %w", &net.OpError{Err: context.DeadlineExceeded}), domain.Unavailable, domain.ReasonUnreachable, "",
		},
	} {
		t.Run(name, func(t *testing.T) { want.check(t) })
	}
}

func (want translation) check(t *testing.T) {
	t.Helper()
	got := Translate(t.Context(), want.err)
	var fault *domain.Error
	if !errors.As(got, &fault) {
		t.Fatalf("it became %v", got)
	}
	if fault.Kind != want.kind || fault.Reason != want.reason || fault.Field != want.field {
		t.Errorf("it became %s (%s) of %q", fault.Kind, fault.Reason, fault.Field)
	}
	if fault.Detail == "" || fault.Fix == "" || strings.Contains(fault.Detail+fault.Fix, secret) {
		t.Errorf("it says %q, %q", fault.Detail, fault.Fix)
	}
	if !errors.Is(got, want.err) && !strings.Contains(got.Error(), want.err.Error()) {
		t.Errorf("the cause is lost: %v", got)
	}
}

func TestOtherErrorsAreNotTranslated(t *testing.T) {
	for name, err := range map[string]error{
		"no error":                nil,
		"a fault of Roster's own": said("42703"),
		"no rows":                 fmt.Errorf("query: %w", pgx.ErrNoRows),
		"a check without a name":  said("23514"),
		"another's constraint":    said("23514", violating("their_check")),
		"a domain error":          domain.Missing("username"),
	} {
		t.Run(name, func(t *testing.T) {
			if got := Translate(t.Context(), err); got != err { //nolint:errorlint // the same value
				t.Errorf("it became %v", got)
			}
		})
	}
}

func TestACallerThatGivesUpGetsTheErrorOfItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range map[string]error{
		"the context's error":   fmt.Errorf("query: %w", context.Canceled),
		"a cancelled statement": said("57014"),
		"a broken connection":   io.ErrUnexpectedEOF,
	} {
		t.Run(name, func(t *testing.T) {
			got := Translate(ctx, err)
			if !errors.Is(got, context.Canceled) || !errors.Is(got, err) || len(domain.Failures(got)) > 0 {
				t.Errorf("it became %v", got)
			}
		})
	}
	t.Run("unless a constraint has failed", func(t *testing.T) {
		got := Translate(ctx, said("23505", violating("users_email_key")))
		if !errors.Is(got, domain.Conflict) {
			t.Errorf("it became %v", got)
		}
	})
}

type unsent struct{ error }

func (unsent) SafeToRetry() bool { return true }

func TestWritesAreRepeatedOnlyIfTheyHadNoEffect(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want int
	}{
		"a deadlock":               {said("40P01"), MaxAttempts},
		"a serialization failure":  {said("40001"), MaxAttempts},
		"a statement not sent":     {fmt.Errorf("query: %w", unsent{io.EOF}), MaxAttempts},
		"a connection that broke":  {io.ErrUnexpectedEOF, 1},
		"a server that shuts down": {said("57P01"), 1},
		"a connection not made":    {&pgconn.ConnectError{}, 1},
		"a violation":              {said("23505", violating("users_pkey")), 1},
		"a success":                {nil, 1},
		"a statement timeout":      {said("57014"), 2}, // once more, where it may take long
		"a lock timeout":           {said("55P03"), maxLockAttempts + 1},
	} {
		t.Run(name, func(t *testing.T) {
			tries := 0
			_, err := Write(t.Context(), &Pool{}, func(sqlcheck.DB) (int, error) {
				tries++
				return 0, c.err
			})
			if tries != c.want || (err == nil) != (c.err == nil) {
				t.Errorf("%d tries, %v", tries, err)
			}
		})
	}
}

func TestAWriteIsNotRepeatedAfterItsCallerGivesUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	tries := 0
	_, err := Write(ctx, &Pool{}, func(sqlcheck.DB) (int, error) {
		tries++
		cancel()
		return 0, said("40P01")
	})
	if tries != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d tries, %v", tries, err)
	}
}

func TestReadsAreRepeatedOnceIfTheConnectionBroke(t *testing.T) {
	for name, c := range map[string]struct {
		faults []error
		tries  int
		want   domain.Kind
	}{
		"and then succeeds":       {[]error{io.ErrUnexpectedEOF, nil}, 2, ""},
		"and then is still down":  {[]error{said("57P01"), io.EOF, nil}, 2, domain.Unavailable},
		"not for a refusal":       {[]error{said("57014"), nil}, 1, domain.Unavailable},
		"where it waited for one": {[]error{said("55P03"), nil}, 2, ""},
		"not for no rows":         {[]error{nil}, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			tries := 0
			_, err := Read(t.Context(), &Pool{}, func(sqlcheck.DB) (int, error) {
				tries++
				return 0, c.faults[tries-1]
			})
			if tries != c.tries || (c.want == "") != (err == nil) || err != nil && !errors.Is(err, c.want) {
				t.Errorf("%d tries, %v", tries, err)
			}
		})
	}
}
