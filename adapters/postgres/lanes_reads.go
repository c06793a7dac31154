package postgres

import (
	"context"

	"github.com/roster-directory/roster/adapters/postgres/coalesce"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// usersTogether answers many requests for a user with one statement.
func (d *Database) usersTogether(ctx context.Context, ids []domain.UserID, results []coalesce.Result[domain.User]) error {
	if len(ids) == 1 {
		results[0].Value, results[0].Err = d.userByID(ctx, ids[0])
		return nil
	}
	at, wanted := make(map[domain.UserID]int, len(ids)), make([][16]byte, len(ids))
	for i, id := range ids {
		at[id], wanted[i] = i, id
	}
	rows, err := read(ctx, d, func(db sqlcheck.DB) ([]userRow, error) { return usersByID.All(ctx, db, byIDs{wanted}) })
	if err != nil {
		return err
	}
	for _, row := range rows {
		i := at[row.ID]
		results[i].Value, results[i].Err = row.user()
		delete(at, row.ID)
	}
	for id, i := range at {
		results[i].Err = domain.Absent("user", id)
	}
	return nil
}

// listKey tells lists of users apart.
type listKey struct {
	filter ports.UserFilter
	order  domain.UserOrder
	after  domain.UserPosition
	begins bool // with the first of all
	limit  domain.PageSize
}

func listKeyOf(in ports.ListUsers) listKey {
	k := listKey{filter: in.Filter, order: in.Order, begins: in.After == nil, limit: in.Limit}
	if in.After != nil {
		k.after = *in.After
	}
	return k
}

// searchKey tells searches apart.
type searchKey struct {
	term   string
	filter ports.UserFilter
	after  domain.SearchPosition
	begins bool // with the best of all
	limit  domain.PageSize
}

func searchKeyOf(in ports.SearchUsers) searchKey {
	k := searchKey{term: in.Term.String(), filter: in.Filter, begins: in.After == nil, limit: in.Limit}
	if in.After != nil {
		k.after = *in.After
	}
	return k
}

// reportKey tells reports apart.
type reportKey struct {
	window domain.Window
	filter ports.EngagementFilter
	order  domain.EngagementOrder
	after  domain.EngagementPosition
	begins bool // with the first of all
	limit  domain.PageSize
	bucket domain.Bucket
	zone   string
}

func reportKeyOf(in ports.ReportEngagement) reportKey {
	k := reportKey{window: in.Window, filter: in.Filter, order: in.Order, begins: in.After == nil, limit: in.Limit, bucket: in.Bucket}
	if in.After != nil {
		k.after = *in.After
	}
	if in.Zone != nil {
		k.zone = in.Zone.String()
	}
	return k
}

// ReportEngagement implements ports.EngagementReader.
func (s *Events) ReportEngagement(ctx context.Context, in ports.ReportEngagement) (ports.Page[domain.Engagement], error) {
	return through(ctx, s.d.lanes.reported, in, s.d.reportEngagement)
}
