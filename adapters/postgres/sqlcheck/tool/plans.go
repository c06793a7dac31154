package tool

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/plans"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/schema"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
)

// plans checks the queries' plans on a database that is migrated and holds many
// rows, and compares them with the snapshots, or writes them there.
func (s *service) plans(ctx context.Context) (found []Finding, err error) {
	history, snapshots, err := s.past()
	if err != nil {
		return nil, err
	}
	database := s.database
	if database == "" {
		filled, drop, notFilled := s.filled(ctx)
		if notFilled != nil {
			return nil, s.unprepared(history, snapshots).insteadOf(notFilled)
		}
		defer func() { err = errors.Join(err, drop()) }()
		database = filled
	}
	p, err := s.programOf(ctx, snapshots)
	if err != nil {
		return nil, err
	}
	r, err := p.ask(ctx, askPlans, database)
	if err != nil {
		return s.wrongDefinition(err)
	}
	for _, f := range r.Plans.Findings {
		found = append(found, planFinding(f))
	}
	found = append(found, s.unusedIndexes(r.Plans.Indexes)...)
	if of, now := snapshots.Schema.Postgres, r.Plans.Postgres; of != now {
		return found, s.skipComparison(of, now)
	}
	if s.accept {
		return found, accept(snapshots, r.Plans.Plans)
	}
	return append(found, changedPlans(snapshots, r.Plans.Plans)...), nil
}

// unprepared reports whether the snapshots are not those of the migrations, or
// have queries that don't fit them. The plans are looked at all the same.
func (s *service) unprepared(history schema.History, snapshots snapshot.Folder) unprepared {
	unfit := func(q snapshot.Query) bool { return len(q.Problems) > 0 }
	stale := s.staleMigrations(history.Migrations, snapshots.Schema.Migrations)
	return unprepared(len(snapshots.Faults)+len(stale) > 0 || slices.ContainsFunc(slices.Collect(maps.Values(snapshots.Queries)), unfit))
}

type unprepared bool

// insteadOf replaces the error of a command which can't fill a database before
// the queries are prepared: check and prepare say more of the reason.
func (u unprepared) insteadOf(err error) error {
	var filled *schema.CommandError
	if bool(u) && errors.As(err, &filled) {
		return errors.New("plans can't be checked before the queries are prepared: " + runPrepare)
	}
	return err
}

func planFinding(f plans.Finding) Finding {
	out := Finding{File: f.Source, Query: f.Query, Variants: len(f.Variants), Problem: f.Detail, Fix: f.Fix}
	if f.Of > 1 && len(f.Variants) > 0 {
		out.Of = f.Of
	}
	if i := strings.LastIndex(f.Source, ":"); i >= 0 {
		out.File = f.Source[:i]
		out.Line, _ = strconv.Atoi(f.Source[i+1:]) // 0 if there is no number
	}
	out.File = shown(out.File)
	return out
}

// unusedIndexes are those that cost each write and have no purpose, nor one in
// the service's configuration.
func (s *service) unusedIndexes(unused []plans.Unused) (found []Finding) {
	for _, i := range unused {
		if i.Why == "" && s.Unused[i.Name] == "" {
			found = append(found, Finding{
				File: shown(s.path(s.Migrations)), Problem: fmt.Sprintf("no query uses the index %s of %s", i.Name, i.Table),
				Fix: `drop it, or say under "unused" in ` + configFile + " what uses it",
			})
		}
	}
	return found
}

// skipComparison is for another major version than that of the snapshots, which may
// plan in another way, and writes equal plans in other words.
func (s *service) skipComparison(of, now string) error {
	if s.accept {
		return fmt.Errorf("the snapshots are of PostgreSQL %s, and this server is %s: "+
			"accept plans on %[1]s, or run sqlcheck prepare on %[2]s first", of, now)
	}
	_, err := fmt.Fprintf(s.printer.errs, "sqlcheck: plans are checked, but not compared with the snapshots, "+
		"which are of PostgreSQL %s: this server is %s\n", of, now)
	return err
}

const acceptPlans = "if it is a good plan, run sqlcheck plans -accept"

// changedPlans finds plans that are not those of the snapshots. check reports
// the texts that the snapshots don't know.
func changedPlans(snapshots snapshot.Folder, now []plans.Plan) (found []Finding) {
	for _, p := range now {
		before := statementOf(snapshots, p)
		if before == nil || before.Variants[0] != p.Variant || string(before.Plan) == p.Shape {
			continue
		}
		f := Finding{File: shown(snapshots.File(p.Query)), Query: p.Query, Problem: "a plan is not in the snapshot", Fix: acceptPlans}
		if before.Plan != "" {
			f.Problem, f.Fix = changedPlan(p, plans.Diff(string(before.Plan), p.Shape)), ""
		}
		if !slices.Contains(found, f) {
			found = append(found, f)
		}
	}
	return found
}

func changedPlan(p plans.Plan, diff string) string {
	of := "its plan"
	if p.Variant != "" {
		of = fmt.Sprintf("the plan of %q", p.Variant)
	}
	return fmt.Sprintf("%s changed (%s):\n%s", of, acceptPlans, strings.TrimSuffix(diff, "\n"))
}

// accept writes the plans into the snapshots.
func accept(snapshots snapshot.Folder, now []plans.Plan) error {
	for file, fault := range snapshots.Faults {
		return fmt.Errorf("%s: %w: run sqlcheck prepare first", shown(file), fault)
	}
	for _, p := range now {
		if s := statementOf(snapshots, p); s != nil {
			s.Plan = snapshot.Text(p.Shape)
		}
	}
	return snapshots.Write()
}

// statementOf is the statement in a snapshot that a variant sends, or nil.
func statementOf(snapshots snapshot.Folder, p plans.Plan) *snapshot.Statement {
	statements := snapshots.Queries[p.Query].Statements
	i := slices.IndexFunc(statements, func(s snapshot.Statement) bool { return slices.Contains(s.Variants, p.Variant) })
	if i < 0 {
		return nil
	}
	return &statements[i]
}
