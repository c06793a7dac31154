package postgres

import (
	"context"
	"encoding/hex"
	"strconv"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

const (
	// sealPause is the pause after all settled entries are sealed.
	sealPause = 10 * time.Second
	// maxSealed is the most entries of a seal. One takes about 0.1 s, in which entries
	// of later transactions are not shown to those who follow the log.
	maxSealed = 5_000
)

// Seals seals the log and verifies it (migrations/00131_log_seals.sql).
type Seals struct{ pool *database.Pool }

// NewSeals returns the seals of the log in d.
func NewSeals(d *Database) *Seals { return &Seals{d.pool} }

// Seal is the newest hash of the chain.
type Seal struct {
	// Number is its place in the chain, from 1 on.
	Number int64
	// Entries are those that it has sealed.
	Entries int64
	// Hash holds all earlier ones.
	Hash []byte
}

// String is how people compare seals: the number and the hash.
func (s Seal) String() string { return sealText(s.Number, s.Hash) }

type sealLog struct{ Most int64 }

type sealedRow struct {
	Number  *int64  `db:"number"`
	Entries *int64  `db:"entries"`
	Hash    *[]byte `db:"hash"`
}

func (r sealedRow) seal() (Seal, error) { return Seal{*r.Number, *r.Entries, *r.Hash}, nil }

var logSeal = sqlcheck.New(sqlcheck.Def[sealLog, sealedRow]{
	Name: "log.seal",
	Build: func(p sealLog) sq.Sqlizer {
		return sq.Expr("SELECT s.number, s.entries, s.hash FROM roster.seal_log(?) s", p.Most)
	},
})

// Seal seals entries that are settled, up to a number, and returns the seals in order. None
// means that no entries are settled, or that another process seals.
func (s *Seals) Seal(ctx context.Context) ([]Seal, error) {
	found, err := database.Write(ctx, s.pool, func(db sqlcheck.DB) ([]sealedRow, error) { return logSeal.All(ctx, db, sealLog{maxSealed}) })
	if err != nil {
		return nil, err
	}
	return database.Convert(found, sealedRow.seal)
}

// Run seals the log every 10 s until ctx ends. It calls sealed with each seal.
func (s *Seals) Run(ctx context.Context, sealed func(Seal), failed func(error)) {
	pace{least: 100 * time.Millisecond, idle: sealPause}.repeat(ctx, func(ctx context.Context) (bool, error) {
		seals, err := s.Seal(ctx)
		for _, each := range seals {
			sealed(each)
		}
		return len(seals) > 0, err
	}, failed)
}

func sealText(number int64, hash []byte) string {
	return strconv.FormatInt(number, 10) + ":" + hex.EncodeToString(hash)
}
