package postgres

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

type insertUser struct {
	ID          [16]byte
	ExternalID  *string
	Username    string
	Email       string
	DisplayName string
	Attributes  json.RawMessage
	Status      string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Version     int64
}

var userInsert = sqlcheck.New(sqlcheck.Def[insertUser, rows.User]{
	Name: "users.insert",
	Build: func(p insertUser) sq.Sqlizer {
		return sq.Insert("roster.users AS u").
			Columns("id", "external_id", "username", "email", "display_name", "attributes", "status", "created_at", "updated_at", "version").
			Values(p.ID, p.ExternalID, p.Username, p.Email, p.DisplayName, p.Attributes, p.Status, p.CreatedAt, p.UpdatedAt, p.Version).
			Suffix(returning(rows.UserColumns("u")))
	},
})

func insertOne(ctx context.Context, db sqlcheck.DB, q insertUser) (attempt[rows.User], error) {
	return written(userInsert.One(ctx, db, q))
}

func (q insertUser) key() [16]byte   { return q.ID }
func (insertUser) mustBeAlone() bool { return false }
func (q insertUser) size() int {
	return 64 + len(q.Username) + len(q.Email) + len(q.DisplayName) + len(q.Attributes) + len(rows.OrZero(q.ExternalID))
}

type insertUsers struct {
	IDs          [][16]byte
	ExternalIDs  []string
	Usernames    []string
	Emails       []string
	DisplayNames []string
	Attributes   []string
	Statuses     []string
	CreatedAts   []time.Time
	UpdatedAts   []time.Time
	Versions     []int64
}

// Users whose id or names are taken are left out.
var usersInsert = sqlcheck.New(sqlcheck.Def[insertUsers, rows.User]{
	Name: "users.insert_many",
	Build: func(p insertUsers) sq.Sqlizer {
		all := sq.Select("v.id", "nullif(v.external_id, '')", "v.username", "v.email", "v.display_name", "v.attributes::jsonb", "v.status", "v.created_at", "v.updated_at", "v.version").
			Suffix(`FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::bigint[])
				AS v (id, external_id, username, email, display_name, attributes, status, created_at, updated_at, version)`,
				p.IDs, p.ExternalIDs, p.Usernames, p.Emails, p.DisplayNames, p.Attributes, p.Statuses, p.CreatedAts, p.UpdatedAts, p.Versions)
		return sq.Insert("roster.users AS u").
			Columns("id", "external_id", "username", "email", "display_name", "attributes", "status", "created_at", "updated_at", "version").
			Select(all).Suffix("ON CONFLICT DO NOTHING " + returning(rows.UserColumns("u")))
	},
})

func insertMany(ctx context.Context, db sqlcheck.DB, all []insertUser) (map[[16]byte]rows.User, error) {
	// Names of others that are not committed are waited for, so their order counts.
	slices.SortFunc(all, func(a, b insertUser) int { return cmp.Compare(a.Username, b.Username) })
	var p insertUsers
	for _, in := range all {
		p.IDs = append(p.IDs, in.ID)
		p.ExternalIDs = append(p.ExternalIDs, rows.OrZero(in.ExternalID))
		p.Usernames = append(p.Usernames, in.Username)
		p.Emails = append(p.Emails, in.Email)
		p.DisplayNames = append(p.DisplayNames, in.DisplayName)
		p.Attributes = append(p.Attributes, string(in.Attributes))
		p.Statuses = append(p.Statuses, in.Status)
		p.CreatedAts = append(p.CreatedAts, in.CreatedAt)
		p.UpdatedAts = append(p.UpdatedAts, in.UpdatedAt)
		p.Versions = append(p.Versions, in.Version)
	}
	return rowsByID(usersInsert.All(ctx, db, p))
}
