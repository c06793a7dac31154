package sqlcheck

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// traced is a pool whose unregistered texts are gathered. It has one
// connection, whose calls come one after another.
func traced(t *testing.T) (p *pgxpool.Pool, tracer *Tracer, unknown *[]string) {
	t.Helper()
	unknown = &[]string{}
	tracer = NewTracer(func(_ context.Context, text string) { *unknown = append(*unknown, text) })
	p = open(t, func(c *pgxpool.Config) {
		c.MaxConns, c.ConnConfig.Tracer = 1, tracer
	})
	return p, tracer, unknown
}

var errUndo = errors.New("undo")

func TestATracerLetsRegisteredTextsPass(t *testing.T) {
	p, tracer, unknown := traced(t)
	db := Pool(p)
	if err := p.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := ordersCopy.Send(t.Context(), db, produce(2, nil)); err != nil {
		t.Fatal(err)
	}
	add(t, db, anOrder(7))
	for _, opts := range []TxOptions{{}, {Isolation: pgx.Serializable}, {Isolation: pgx.RepeatableRead, ReadOnly: true}, {ReadOnly: true}} {
		err := InTx(t.Context(), db, opts, func(ctx context.Context, tx Tx) error {
			var b Batch
			ordersCount.Queue(&b, None{})
			ordersList.Queue(&b, listOrders{Sort: "total"})
			if err := b.Send(ctx, tx); err != nil {
				return err
			}
			undo := func(context.Context, Tx) error { return errUndo }
			if err := InSavepoint(ctx, tx, 0, undo); !errors.Is(err, errUndo) {
				t.Errorf("the savepoint ends with %v", err)
			}
			return InSavepoint(ctx, tx, 0, func(context.Context, Tx) error { return nil })
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(*unknown) != 0 || tracer.Unknown() != 0 {
		t.Errorf("%d unknown: %q", tracer.Unknown(), *unknown)
	}
}

func TestATracerFindsWhatIsNotRegistered(t *testing.T) {
	p, tracer, unknown := traced(t)
	ctx := t.Context()
	batch := &pgx.Batch{}
	batch.Queue("SELECT 1 AS queued")
	for name, send := range map[string]func() error{
		"SELECT 1 AS sent":   func() error { _, err := p.Exec(ctx, "SELECT 1 AS sent"); return err },
		"SELECT 1 AS queued": func() error { return p.SendBatch(ctx, batch).Close() },
		"SELECT 1 AS prepared": func() error {
			return p.AcquireFunc(ctx, func(c *pgxpool.Conn) error {
				_, err := c.Conn().Prepare(ctx, "prepared", "SELECT 1 AS prepared")
				return err
			})
		},
		"SET TIME ZONE 'UTC'; begin": func() error {
			return pgx.BeginTxFunc(ctx, p, pgx.TxOptions{BeginQuery: "SET TIME ZONE 'UTC'; begin"}, func(pgx.Tx) error { return nil })
		},
		`copy "shop"."counters" ( "name", "n" ) from stdin binary;`: func() error {
			_, err := p.CopyFrom(ctx, pgx.Identifier{"shop", "counters"}, []string{"name", "n"}, pgx.CopyFromRows(nil))
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			*unknown = nil
			before := tracer.Unknown()
			if err := send(); err != nil {
				t.Fatal(err)
			}
			if len(*unknown) == 0 || (*unknown)[0] != name || tracer.Unknown() == before {
				t.Errorf("got %q", *unknown)
			}
		})
	}
}

func TestUnknownTextsAreLoggedNowAndThenWithoutData(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		log := LogUnknown(slog.New(slog.NewTextHandler(&out, nil)), time.Minute)
		for range 3 {
			log(t.Context(), "SELECT 'secret' AS a FROM users WHERE b = 1")
		}
		time.Sleep(time.Minute)
		log(t.Context(), "DELETE FROM users")
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if len(lines) != 2 {
			t.Fatalf("got %q", lines)
		}
		for i, want := range []string{
			`msg="a statement that is not registered is sent" begins="SELECT AS a FROM users" sha256=`,
			`begins="DELETE FROM users" sha256=f4f8f8c2668ec23b others=2`,
		} {
			if !strings.Contains(lines[i], want) {
				t.Errorf("got %s, want %s", lines[i], want)
			}
		}
	})
}
