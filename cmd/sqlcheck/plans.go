package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/lock"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/plans"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/schema"
)

const acceptPlans = "if that is well, run sqlcheck -accept plans"

// plans judges the queries' plans on a database that is migrated and holds
// many rows, and holds them against the locks, or writes them there.
func (s *service) plans(ctx context.Context, database string, accept bool) (found []finding, err error) {
	history, locks, err := s.past()
	if err != nil {
		return nil, err
	}
	early := s.unprepared(history, locks)
	if database == "" {
		filled, drop, missing := s.filled(ctx)
		if missing != nil {
			return nil, early.insteadOf(missing)
		}
		defer func() { err = errors.Join(err, drop()) }()
		database = filled
	}
	p := &program{service: s}
	if p.packages, err = s.rowPackages(ctx, locks); err != nil {
		return nil, err
	}
	report, err := p.ask(ctx, "plans", database)
	if err != nil {
		return s.broken(err)
	}
	for _, f := range report.Plans.Findings {
		found = append(found, planFinding(f))
	}
	found = append(found, s.unusedIndexes(report.Plans.Indexes)...)
	if accept {
		return found, acceptInto(locks, report.Plans.Plans)
	}
	return append(found, s.changedPlans(locks, report.Plans.Plans)...), nil
}

// unprepared tells whether the locks are not those of the migrations, or have
// queries that don't fit them. That is no reason not to look at the plans.
func (s *service) unprepared(history schema.History, locks lock.Folder) unprepared {
	unfit := func(q lock.Query) bool { return len(q.Problems) > 0 }
	return unprepared(len(locks.Faults) > 0 || len(s.staleMigrations(history.Migrations, locks.Schema.Migrations)) > 0 ||
		slices.ContainsFunc(slices.Collect(maps.Values(locks.Queries)), unfit))
}

type unprepared bool

// insteadOf is an error in place of that of a command which can't fill a
// database before the queries are prepared: check and prepare say more of the
// reason.
func (u unprepared) insteadOf(err error) error {
	var filled *fillError
	if bool(u) && errors.As(err, &filled) {
		return errors.New("plans can't be judged until the queries are prepared: " + mend)
	}
	return err
}

func planFinding(f plans.Finding) finding {
	out := finding{File: f.Source, Query: f.Query, Variants: len(f.Variants), Problem: f.Detail, Fix: f.Fix}
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

// unusedIndexes are those that cost each write and have no purpose, nor one
// that the service names.
func (s *service) unusedIndexes(unused []plans.Unused) (found []finding) {
	for _, i := range unused {
		if i.Why == "" && s.Unused[i.Name] == "" {
			found = append(found, finding{
				File: shown(s.path(s.Migrations)), Problem: fmt.Sprintf("no query uses the index %s of %s", i.Name, i.Table), Fix: `drop it, or say under "unused" in ` + configFile + " what finds rows by it",
			})
		}
	}
	return found
}

// changedPlans tells of shapes that are not the locks'. Those of texts that
// the locks don't know are check's business.
func (s *service) changedPlans(locks lock.Folder, now []plans.Plan) (found []finding) {
	for _, p := range now {
		locked := statementOf(locks, p)
		if locked == nil || locked.Variants[0] != p.Variant || string(locked.Plan) == p.Shape {
			continue
		}
		f := finding{File: shown(locks.File(p.Query)), Query: p.Query, Problem: "a plan is not in the lock", Fix: acceptPlans}
		if locked.Plan != "" {
			f.Problem, f.Fix = changed(p, plans.Diff(string(locked.Plan), p.Shape)), ""
		}
		if !slices.Contains(found, f) {
			found = append(found, f)
		}
	}
	return found
}

func changed(p plans.Plan, diff string) string {
	of := "its plan"
	if p.Variant != "" {
		of = fmt.Sprintf("the plan of %q", p.Variant)
	}
	return fmt.Sprintf("%s changed (%s):\n%s", of, acceptPlans, strings.TrimSuffix(diff, "\n"))
}

func acceptInto(locks lock.Folder, now []plans.Plan) error {
	for file, fault := range locks.Faults {
		return fmt.Errorf("%s: %w: run sqlcheck prepare before", shown(file), fault)
	}
	for _, p := range now {
		if locked := statementOf(locks, p); locked != nil {
			locked.Plan = lock.Text(p.Shape)
		}
	}
	return locks.Write()
}

// statementOf is the locked statement that a variant sends, nil if there is none.
func statementOf(locks lock.Folder, p plans.Plan) *lock.Statement {
	statements := locks.Queries[p.Query].Statements
	i := slices.IndexFunc(statements, func(s lock.Statement) bool { return slices.Contains(s.Variants, p.Variant) })
	if i < 0 {
		return nil
	}
	return &statements[i]
}
