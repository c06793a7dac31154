package postgres

import (
	"context"
	"crypto/rand"
	"fmt"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

type newSecret struct {
	Name  string
	Value []byte
}

type secretRow struct {
	Value []byte `db:"value"`
}

// The serving role can't change a secret, so that the first one is read again.
var secretMake = sqlcheck.New(sqlcheck.Def[newSecret, sqlcheck.None]{
	Name: "secrets.make",
	Build: func(p newSecret) sq.Sqlizer {
		return sq.Insert("roster.secrets").Columns("name", "value").Values(p.Name, p.Value).Suffix("ON CONFLICT (name) DO NOTHING")
	},
})

var secretByName = sqlcheck.New(sqlcheck.Def[byKey, secretRow]{
	Name: "secrets.by_name",
	Build: func(p byKey) sq.Sqlizer {
		return sq.Select("s.value").From("roster.secrets s").Where("s.name = ?", p.Key)
	},
})

// Secret returns the secret with a name: 32 random bytes, made on first use and
// the same for all who use this database.
func (d *Database) Secret(ctx context.Context, name string) ([]byte, error) {
	find := func(db sqlcheck.DB) ([]secretRow, error) { return secretByName.All(ctx, db, byKey{name}) }
	found, err := database.Read(ctx, d.pool, find)
	if err == nil && len(found) == 0 {
		value := make([]byte, 32)
		_, _ = rand.Read(value) // it never fails
		_, err = database.Write(ctx, d.pool, func(db sqlcheck.DB) (int64, error) { return secretMake.Exec(ctx, db, newSecret{name, value}) })
		if err == nil {
			found, err = database.Read(ctx, d.pool, find)
		}
	}
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("the secret %q was removed as it was made", name)
	}
	return found[0].Value, nil
}
