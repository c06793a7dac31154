package postgres

import (
	"context"
	"time"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/internal/database"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/domain"
)

// Rollups checks, rebuilds and tidies the rollups from which engagement is reported.
type Rollups struct{ pool *database.Pool }

// NewRollups returns the rollups in d.
func NewRollups(d *Database) *Rollups { return &Rollups{d.pool} }

// RollupFault is how the rollups of an organization differ from its events.
type RollupFault struct {
	Organization domain.OrganizationID
	// Detail describes the difference.
	Detail string
}

type rollupFaultRow struct {
	OrganizationID *[16]byte `db:"organization_id"`
	Fault          *string   `db:"fault"`
}

func (r rollupFaultRow) fault() (RollupFault, error) {
	return RollupFault{*r.OrganizationID, *r.Fault}, nil
}

// comparedTables says why the check may read each table whole.
var comparedTables = map[string]string{
	"roster.engagement_days":    "all rollups are compared",
	"roster.engagement_members": "all counted members are compared",
	"roster.events":             "all events are counted again",
	"roster.memberships":        "all members are compared",
	"roster.users":              "all members are compared",
}

var rollupsCheck = sqlcheck.New(sqlcheck.Def[sqlcheck.None, rollupFaultRow]{
	Name: "rollups.check",
	Build: func(sqlcheck.None) sq.Sqlizer {
		return sq.Select("f.organization_id", "f.fault").From("roster.rollup_check() f")
	},
	Plan: sqlcheck.Gate{Whole: comparedTables, Sort: comparedTables},
})

// Check compares the rollups with the events, as of one moment, and returns all
// differences. It reads every event.
func (r *Rollups) Check(ctx context.Context) ([]RollupFault, error) {
	return database.All(ctx, r.pool, rollupsCheck, sqlcheck.None{}, rollupFaultRow.fault)
}

type rebuiltRow struct {
	Organizations int64 `db:"organizations"`
}

var rollupsRebuild = sqlcheck.New(sqlcheck.Def[sqlcheck.None, rebuiltRow]{
	Name: "rollups.rebuild",
	Build: func(sqlcheck.None) sq.Sqlizer {
		all := sq.Select("array_agg(o.id) AS ids").From("roster.organizations o")
		return sq.Expr("SELECT coalesce(cardinality(a.ids), 0)::bigint AS organizations FROM (?) a, LATERAL roster.rollup_rebuild(a.ids)", all)
	},
	Plan: sqlcheck.Gate{Whole: map[string]string{"roster.organizations": "all are rebuilt"}},
})

// Rebuild counts the events of all organizations again, and returns the number of
// organizations. Writers of events and members wait for it.
func (r *Rollups) Rebuild(ctx context.Context) (int64, error) {
	row, err := database.Write(ctx, r.pool, func(db sqlcheck.DB) (rebuiltRow, error) { return rollupsRebuild.One(ctx, db, sqlcheck.None{}) })
	return row.Organizations, err
}

type foldLeavers struct {
	Max int64
}

type foldedRow struct {
	Users *int64 `db:"users"`
}

var rollupsFold = sqlcheck.New(sqlcheck.Def[foldLeavers, foldedRow]{
	Name: "rollups.fold",
	Build: func(p foldLeavers) sq.Sqlizer {
		return sq.Expr("SELECT roster.rollup_fold_leavers(?) AS users", p.Max)
	},
})

// Fold takes the events of some deleted users out of the rollups. It reports whether
// it found any.
func (r *Rollups) Fold(ctx context.Context) (bool, error) {
	const most = 128 // their organizations are locked for some milliseconds
	row, err := database.Write(ctx, r.pool, func(db sqlcheck.DB) (foldedRow, error) {
		return rollupsFold.One(ctx, db, foldLeavers{most})
	})
	return err == nil && *row.Users > 0, err
}

// Run folds until ctx ends, so that deletions and reports have less to do. It calls
// failed with each error, and tries again later. Several programs may run it on one
// database.
func (r *Rollups) Run(ctx context.Context, failed func(error)) {
	// More users are deleted during a pause, and one statement is enough for them.
	pace{least: 50 * time.Millisecond, idle: 5 * time.Second}.repeat(ctx, r.Fold, failed)
}
