package sqlcheck

import (
	"context"
	"errors"
	"testing"
	"time"

	sq "github.com/Masterminds/squirrel"
)

type limitsShown struct {
	Lock      string `db:"lock"`
	Statement string `db:"statement"`
	Told      string `db:"told"`
}

var limitsNow = newQuery(&Def[None, limitsShown]{
	Name: "limits.now",
	Build: func(None) sq.Sqlizer {
		return sq.Select("current_setting('lock_timeout') AS lock", "current_setting('statement_timeout') AS statement",
			"coalesce(current_setting('test.told', true), '') AS told")
	},
}, place{})

// tally is a guard with limits that counts the uses of connections, and those that
// have not ended.
func tally(limits Limits, uses, open *int) Guard {
	return func(context.Context) (Limits, func(), error) {
		*uses++
		*open++
		return limits, func() { *open-- }, nil
	}
}

func TestStatementsOfAGuardedSessionHaveItsLimits(t *testing.T) {
	connections := open(t, oneConnection)
	plain := Pool(connections)
	shown := func(db DB) limitsShown {
		t.Helper()
		got, err := limitsNow.One(t.Context(), db, None{})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	own := shown(plain)
	for name, c := range map[string]struct {
		limits Limits
		want   limitsShown
	}{
		"of locks":      {Limits{Lock: 40 * time.Millisecond}, limitsShown{"40ms", own.Statement, ""}},
		"of statements": {Limits{Statement: 3 * time.Second}, limitsShown{own.Lock, "3s", ""}},
		"of both":       {Limits{Lock: time.Microsecond, Statement: 70 * time.Millisecond}, limitsShown{"1ms", "70ms", ""}},
		"and a setting": {Limits{Lock: 40 * time.Millisecond, Setting: "test.told", Value: "it's ?"}, limitsShown{
			"40ms", own.Statement, "it's ?",
		}},
		"but a setting": {Limits{Setting: "test.told", Value: "x"}, limitsShown{own.Lock, own.Statement, "x"}},
		"that are none": {Limits{}, own},
	} {
		t.Run(name, func(t *testing.T) {
			var uses, inUse int
			db := Guarded(Pool(connections), tally(c.limits, &uses, &inUse))
			if got := shown(db); got != c.want {
				t.Errorf("a statement: %v", got)
			}
			var b Batch
			batched := limitsNow.Queue(&b, None{})
			if err := b.Send(t.Context(), db); err != nil || batched.Rows[0] != c.want {
				t.Errorf("a batch: %v, %v", batched.Rows, err)
			}
			err := InTx(t.Context(), db, TxOptions{}, func(_ context.Context, tx Tx) error {
				if got := shown(tx); got != c.want {
					t.Errorf("a transaction: %v", got)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
			wantHeld(t, db, limitsShown{own.Lock, own.Statement, c.want.Told})
			if got := shown(plain); got != own {
				t.Errorf("afterwards the connection has %v", got)
			}
			if uses != 4 || inUse != 0 {
				t.Errorf("the guard was asked %d times, and %d uses have not ended", uses, inUse)
			}
		})
	}
}

// wantHeld fails the test unless what Hold runs has these limits.
func wantHeld(t *testing.T, db Session, want limitsShown) {
	t.Helper()
	err := Hold(t.Context(), db, func(ctx context.Context, s Session) error {
		got, err := limitsNow.One(ctx, s, None{})
		if got != want {
			t.Errorf("Hold: %v", got)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAGuardRefuses(t *testing.T) {
	refused := errors.New("refused")
	db := Guarded(Pool(open(t)), func(context.Context) (Limits, func(), error) { return Limits{}, nil, refused })
	unexpected := errors.New("it was not refused")
	fail := func(context.Context, Session) error { return unexpected }
	_, err := limitsNow.One(t.Context(), db, None{})
	var b Batch
	limitsNow.Queue(&b, None{})
	for what, err := range map[string]error{
		"a statement": err, "a batch": b.Send(t.Context(), db), "Hold": Hold(t.Context(), db, fail),
		"a transaction": InTx(t.Context(), db, TxOptions{}, func(ctx context.Context, _ Tx) error { return fail(ctx, db) }),
	} {
		if !errors.Is(err, refused) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestTheTracerKnowsTheTextsOfLimits(t *testing.T) {
	all := Limits{Lock: time.Second, Statement: time.Second, Setting: "test.told"}
	texts := []string{planEachCall}
	for _, limits := range []Limits{all, {Lock: time.Second}, {Statement: time.Second}, {Setting: "test.told"}} {
		texts = append(texts, batchOn(within(nil, limits)).QueuedQueries[0].SQL)
	}
	for _, text := range texts {
		tracer := NewTracer(func(_ context.Context, text string) { t.Errorf("%q is unknown", text) })
		tracer.see(t.Context(), text)
	}
}
