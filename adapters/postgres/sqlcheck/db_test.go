package sqlcheck

import (
	"context"
	"errors"
	"testing"

	sq "github.com/Masterminds/squirrel"
)

var lockTry = New(Def[struct{ Key int64 }, struct {
	Locked bool `db:"locked"`
}]{
	Name: "lock.try",
	Build: func(p struct{ Key int64 }) sq.Sqlizer {
		return sq.Select().Column("pg_try_advisory_lock(?) AS locked", p.Key)
	},
})

func TestAHeldConnectionStaysTheSame(t *testing.T) {
	db := Pool(open(t))
	try := func(ctx context.Context, s Session) bool {
		got, err := lockTry.One(ctx, s, struct{ Key int64 }{7})
		if err != nil {
			t.Error(err)
		}
		return got.Locked
	}
	err := Hold(t.Context(), db, func(ctx context.Context, s Session) error {
		for range 2 {
			if !try(ctx, s) {
				t.Error("its own lock stood in its way: the connection changed")
			}
		}
		if try(ctx, db) {
			t.Error("the lock did not keep another connection out")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestHoldKeepsTheError(t *testing.T) {
	refused := errors.New("refused")
	err := Hold(t.Context(), Pool(open(t)), func(context.Context, Session) error { return refused })
	if !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
}
