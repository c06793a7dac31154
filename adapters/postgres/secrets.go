package postgres

import (
	"context"
	"crypto/rand"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

type newSecret struct {
	Name  string
	Value []byte
}

type secretRow struct {
	Value []byte `db:"value"`
}

// The update changes nothing, and gives another's value, where that one was first.
var secretMake = sqlcheck.New(sqlcheck.Def[newSecret, secretRow]{
	Name: "secrets.make",
	Build: func(p newSecret) sq.Sqlizer {
		return sq.Insert("roster.secrets AS s").Columns("name", "value").Values(p.Name, p.Value).
			Suffix("ON CONFLICT (name) DO UPDATE SET value = s.value RETURNING s.value")
	},
})

var secretByName = sqlcheck.New(sqlcheck.Def[byKey, secretRow]{
	Name: "secrets.by_name",
	Build: func(p byKey) sq.Sqlizer {
		return sq.Select("s.value").From("roster.secrets s").Where("s.name = ?", p.Key)
	},
})

// Secret returns the secret of a name: 32 random bytes, made when first asked
// for and the same for everyone who asks this database.
func (d *Database) Secret(ctx context.Context, name string) ([]byte, error) {
	found, err := read(ctx, d, func(db sqlcheck.DB) ([]secretRow, error) { return secretByName.All(ctx, db, byKey{name}) })
	if err != nil {
		return nil, err
	}
	if len(found) > 0 {
		return found[0].Value, nil
	}
	value := make([]byte, 32)
	_, _ = rand.Read(value) // it never fails
	made, err := write(ctx, d, func(db sqlcheck.DB) (secretRow, error) { return secretMake.One(ctx, db, newSecret{name, value}) })
	return made.Value, err
}
