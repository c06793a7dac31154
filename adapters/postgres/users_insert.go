package postgres

import (
	"cmp"
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

func (q insertUser) key() [16]byte   { return q.ID }
func (insertUser) mustBeAlone() bool { return false }
func (q insertUser) size() int {
	return 64 + len(q.Username) + len(q.Email) + len(q.DisplayName) + len(q.Attributes) + len(rows.OrZero(q.ExternalID))
}

type insertUsers struct {
	ID          [][16]byte
	ExternalID  []string
	Username    []string
	Email       []string
	DisplayName []string
	Attributes  []string
	Status      []string
	CreatedAt   []time.Time
	UpdatedAt   []time.Time
	Version     []int64
}

var insertUsersOf = sqlcheck.Transpose[insertUser, insertUsers]()

// It leaves out users whose id or names are taken.
var usersInsert = sqlcheck.New(sqlcheck.Def[insertUsers, rows.User]{
	Name: "users.insert_many",
	Build: func(p insertUsers) sq.Sqlizer {
		all := sq.Select("v.id", "nullif(v.external_id, '')", "v.username", "v.email", "v.display_name", "v.attributes::jsonb",
			"v.status", "v.created_at", "v.updated_at", "v.version").
			Suffix(`FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], `+
				`?::timestamptz[], ?::timestamptz[], ?::bigint[])
				AS v (id, external_id, username, email, display_name, attributes, status, created_at, updated_at, version)`,
				p.ID, p.ExternalID, p.Username, p.Email, p.DisplayName, p.Attributes, p.Status, p.CreatedAt, p.UpdatedAt, p.Version)
		return sq.Insert("roster.users AS u").
			Columns("id", "external_id", "username", "email", "display_name", "attributes", "status", "created_at", "updated_at", "version").
			Select(all).Suffix("ON CONFLICT DO NOTHING " + returning(rows.UserColumns("u")))
	},
})

func insertMany(b *sqlcheck.Batch, all []insertUser) func() map[[16]byte]rows.User {
	// The statement waits for uncommitted rows with the same names. In one order of
	// names, two statements can't deadlock.
	slices.SortFunc(all, func(a, b insertUser) int { return cmp.Compare(a.Username, b.Username) })
	return rowsByUser(usersInsert.Queue(b, insertUsersOf(all)))
}
