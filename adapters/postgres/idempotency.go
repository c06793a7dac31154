package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

type keyLock struct{ Name string }

type keyLockRow struct {
	Locked bool `db:"locked"`
}

// A try-lock says at once that the first command is in flight, where an insert
// would wait for its end.
var idempotencyLock = sqlcheck.New(sqlcheck.Def[keyLock, keyLockRow]{
	Name: "idempotency.lock",
	Build: func(p keyLock) sq.Sqlizer {
		return sq.Expr("SELECT coalesce(pg_try_advisory_xact_lock(hashtextextended(?, 0)), false) AS locked", p.Name)
	},
})

type findKey struct {
	Caller, Operation, Key string
	Expired                time.Time
}

type keptRow struct {
	Fingerprint []byte           `db:"fingerprint"`
	Result      *json.RawMessage `db:"result"`
}

var idempotencyFind = sqlcheck.New(sqlcheck.Def[findKey, keptRow]{
	Name: "idempotency.find",
	Build: func(p findKey) sq.Sqlizer {
		return sq.Expr(`SELECT k.fingerprint, k.result FROM roster.idempotency_keys k
			WHERE k.caller = ? AND k.operation = ? AND k.key = ? AND k.created_at > ?`, p.Caller, p.Operation, p.Key, p.Expired)
	},
})

type keepKey struct {
	Caller, Operation, Key string
	Fingerprint            []byte
	Result                 json.RawMessage
	About                  *[16]byte // the user in Result, if there is one
	At, Expired            time.Time
}

// Storing a key also removes a few expired keys.
var idempotencyKeep = sqlcheck.New(sqlcheck.Def[keepKey, sqlcheck.None]{
	Name: "idempotency.keep",
	Build: func(p keepKey) sq.Sqlizer {
		return sq.Expr(`WITH expired AS (
				SELECT k.caller, k.operation, k.key FROM roster.idempotency_keys k
				WHERE k.created_at <= ? AND (k.caller, k.operation, k.key) <> (?, ?, ?)
				ORDER BY k.created_at LIMIT 8 FOR UPDATE OF k SKIP LOCKED
			), removed AS (
				DELETE FROM roster.idempotency_keys k USING expired e
				WHERE k.caller = e.caller AND k.operation = e.operation AND k.key = e.key
			)
			INSERT INTO roster.idempotency_keys AS k (caller, operation, key, fingerprint, result, about, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (caller, operation, key) DO UPDATE
			SET fingerprint = excluded.fingerprint, result = excluded.result, about = excluded.about, created_at = excluded.created_at`,
			p.Expired, p.Caller, p.Operation, p.Key, p.Caller, p.Operation, p.Key, p.Fingerprint, p.Result, p.About, p.At)
	},
})

// once runs do, which writes, as database.Write does. With a key it runs do at most
// once, in one transaction with the key, and a repetition gets the first result.
// Results are stored as JSON.
func once[T any](
	ctx context.Context, pool *database.Pool, key *ports.Idempotency, do func(sqlcheck.DB) (T, error), await ...database.Await,
) (T, error) {
	if key == nil {
		return database.Write(ctx, pool, do, await...)
	}
	return database.InTx(ctx, pool, func(ctx context.Context, tx sqlcheck.Tx) (result T, err error) {
		kept, err := claim(ctx, tx, key)
		if err == nil && kept != nil {
			err = json.Unmarshal(kept, &result)
		}
		if err != nil || kept != nil {
			return result, err
		}
		if result, err = do(tx); err != nil {
			return result, err
		}
		return result, keep(ctx, tx, key, result)
	}, await...)
}

// claim locks the key and returns the result stored with it, or nil.
func claim(ctx context.Context, tx sqlcheck.Tx, key *ports.Idempotency) (json.RawMessage, error) {
	var batch sqlcheck.Batch
	lock := idempotencyLock.Queue(&batch, keyLock{key.Caller + "\n" + key.Operation + "\n" + key.Key})
	found := idempotencyFind.Queue(&batch, findKey{key.Caller, key.Operation, key.Key, key.At.Add(-ports.KeepKeys)})
	if err := batch.Send(ctx, tx); err != nil {
		return nil, err
	}
	switch {
	case len(found.Rows) == 0 && !lock.Rows[0].Locked: // a stored result is returned even if the key is locked
		return nil, &domain.Error{
			Kind: domain.Conflict, Reason: domain.ReasonInProgress, Field: "Idempotency-Key",
			Detail: "is that of a request that is being carried out", Fix: "wait for its answer, or send it again later",
		}
	case len(found.Rows) == 0:
		return nil, nil
	case string(found.Rows[0].Fingerprint) != string(key.Fingerprint[:]):
		return nil, reused("came before, with another request")
	case found.Rows[0].Result == nil:
		return nil, reused("came before, for a user who was erased since")
	}
	return *found.Rows[0].Result, nil
}

func reused(detail string) error {
	return &domain.Error{
		Kind: domain.Invalid, Reason: domain.ReasonReused, Field: "Idempotency-Key",
		Detail: detail, Fix: "send a new key with a new request",
	}
}

func keep[T any](ctx context.Context, tx sqlcheck.Tx, key *ports.Idempotency, result T) error {
	text, err := json.Marshal(result)
	if err != nil {
		return fmt.Errorf("keeping the result under its key: %w", err)
	}
	var about *[16]byte
	if user, ok := any(result).(rows.User); ok {
		about = &user.ID
	}
	_, err = idempotencyKeep.Exec(ctx, tx, keepKey{
		Caller: key.Caller, Operation: key.Operation, Key: key.Key, Fingerprint: key.Fingerprint[:], Result: text, About: about,
		At: key.At, Expired: key.At.Add(-ports.KeepKeys),
	})
	return err
}
