package bulk

import (
	"context"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
)

type ownerlessRow struct {
	Slug  string `db:"slug"`
	Count int64  `db:"count"`
}

type listOwnerless struct{ Most int }

var ownerless = sqlcheck.New(sqlcheck.Def[listOwnerless, ownerlessRow]{
	Name: "bulk.ownerless",
	Build: func(p listOwnerless) sq.Sqlizer {
		return sq.Select("o.slug", "count(*) OVER () AS count").
			From("roster.organizations o").
			Where(`NOT EXISTS (SELECT 1 FROM roster.memberships m JOIN roster.users u ON u.id = m.user_id
				WHERE m.organization_id = o.id AND m.role = 'owner' AND u.status = 'active' AND u.deleted_at IS NULL)`).
			OrderBy("o.slug").
			Suffix("LIMIT ?", p.Most)
	},
	Plan: sqlcheck.Gate{Whole: map[string]string{"roster.users": "every organization's owners are looked at, once an import"}},
})

// Ownerless implements ports.BulkWriter.
func (w *writer) Ownerless(ctx context.Context, most int) (count int64, first []string, err error) {
	rows, err := ownerless.All(ctx, w.db(), listOwnerless{max(most, 1)}) // the first row has the count
	for i, row := range rows {
		count = row.Count
		if i < most {
			first = append(first, row.Slug)
		}
	}
	return count, first, err
}
