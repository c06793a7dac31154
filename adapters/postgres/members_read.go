package postgres

import (
	"context"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/batch"
	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/internal/rows"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// memberPairs are users, each with the organization of which it must be a member.
type memberPairs struct{ Users, Organizations [][16]byte }

type memberRow struct {
	rows.User
	Organization [16]byte `db:"organization_id"`
}

// The memberships are read first, so that a user outside costs as much as one that
// does not exist: one search in their index.
var membersByID = sqlcheck.New(sqlcheck.Def[memberPairs, memberRow]{
	Name: "members.by_ids",
	Build: func(p memberPairs) sq.Sqlizer {
		member := sq.Select("m.organization_id", "m.user_id").From("roster.memberships m").
			Where("m.organization_id = w.organization_id AND m.user_id = w.user_id").Suffix("OFFSET 0")
		return rows.SelectUsers().Columns("w.organization_id").
			JoinClause(sq.Expr("JOIN (SELECT m.organization_id, m.user_id FROM unnest(?::uuid[], ?::uuid[]) w (user_id, organization_id)"+
				" CROSS JOIN LATERAL (?) m OFFSET 0) w ON w.user_id = u.id", p.Users, p.Organizations, member))
	},
})

// memberKey is an exact name, and the organization in which it is looked up.
type memberKey struct {
	Key          string
	Organization [16]byte
}

// selectMember selects the member of an organization that has a name. The
// memberships are searched also where no user has the name.
func selectMember(condition string, p memberKey) sq.SelectBuilder {
	named := sq.Select("u.id").From("roster.users u").Where("u.deleted_at IS NULL").Where(condition, p.Key)
	return rows.SelectUsers().Where(sq.Expr("u.id = (SELECT m.user_id FROM roster.memberships m WHERE m.organization_id = ?"+
		" AND m.user_id = coalesce((?), '00000000-0000-0000-0000-000000000000'))", any(p.Organization), named))
}

var memberByUsername = sqlcheck.New(sqlcheck.Def[memberKey, rows.User]{
	Name:  "members.by_username",
	Build: func(p memberKey) sq.Sqlizer { return selectMember(`lower(u.username COLLATE "C") = ?`, p) },
})

var memberByEmail = sqlcheck.New(sqlcheck.Def[memberKey, rows.User]{
	Name:  "members.by_email",
	Build: func(p memberKey) sq.Sqlizer { return selectMember(`lower(u.email COLLATE "C") = ?`, p) },
})

var memberByExternalID = sqlcheck.New(sqlcheck.Def[memberKey, rows.User]{
	Name:  "members.by_external_id",
	Build: func(p memberKey) sq.Sqlizer { return selectMember("u.external_id = ?", p) },
})

// memberReads implements ports.MemberReader. Its requests do not share batches with
// those of userReads, whose statement does not know of organizations. Requests for
// different organizations share a batch; its statement pairs each with its own.
type memberReads struct {
	pool *database.Pool
	byID database.Batcher[memberID, memberID, domain.User]
}

// memberID is a user in an organization. It is a key of its batcher.
type memberID = ports.Within[domain.UserID]

func newMemberReads(pool *database.Pool) memberReads {
	r := memberReads{pool: pool}
	r.byID = database.Reads(pool, database.ManyReads, batch.Work[memberID, memberID, domain.User]{
		Key: database.Itself[memberID], Run: r.readMany,
	})
	return r
}

// UserByIDWithin implements ports.MemberReader.
func (r memberReads) UserByIDWithin(ctx context.Context, in memberID) (domain.User, error) {
	return r.byID.Do(ctx, in)
}

// readMany answers requests for one member each.
func (r memberReads) readMany(ctx context.Context, in []memberID, results []batch.Result[domain.User]) error {
	pairs := memberPairs{make([][16]byte, len(in)), make([][16]byte, len(in))}
	for i, each := range in {
		pairs.Users[i], pairs.Organizations[i] = each.Wanted, each.Organization
	}
	found, err := database.All(ctx, r.pool, membersByID, pairs, database.AsIs[memberRow])
	if err != nil {
		return err
	}
	answerEach(in, results, found,
		func(row *memberRow) memberID { return memberID{Organization: row.Organization, Wanted: row.ID} }, memberRow.Value,
		func(id memberID) error { return domain.Absent("user", id.Wanted) })
	return nil
}

// UserByUsernameWithin implements ports.MemberReader.
func (r memberReads) UserByUsernameWithin(ctx context.Context, in ports.Within[domain.Username]) (domain.User, error) {
	key := memberKey{in.Wanted.Key(), in.Organization}
	return database.One(ctx, r.pool, memberByUsername, key, rows.User.Value, "user", in.Wanted)
}

// UserByEmailWithin implements ports.MemberReader.
func (r memberReads) UserByEmailWithin(ctx context.Context, in ports.Within[domain.Email]) (domain.User, error) {
	key := memberKey{in.Wanted.Key(), in.Organization}
	return database.One(ctx, r.pool, memberByEmail, key, rows.User.Value, "user", in.Wanted)
}

// UserByExternalIDWithin implements ports.MemberReader.
func (r memberReads) UserByExternalIDWithin(ctx context.Context, in ports.Within[domain.ExternalID]) (domain.User, error) {
	key := memberKey{in.Wanted.String(), in.Organization}
	return database.One(ctx, r.pool, memberByExternalID, key, rows.User.Value, "user", in.Wanted)
}

// UsersByIDWithin implements ports.MemberReader.
func (r memberReads) UsersByIDWithin(ctx context.Context, in ports.Within[[]domain.UserID]) ([]domain.User, error) {
	pairs := memberPairs{Users: wanted(in.Wanted).IDs, Organizations: make([][16]byte, len(in.Wanted))}
	for i := range pairs.Organizations {
		pairs.Organizations[i] = in.Organization
	}
	found, err := database.All(ctx, r.pool, membersByID, pairs, func(row memberRow) (domain.User, error) { return row.Value() })
	return inOrder(in.Wanted, found), err
}
