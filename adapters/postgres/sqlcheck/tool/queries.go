package tool

import (
	"context"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/inspect"
)

// Query is a registered query or COPY, type checked.
type Query struct {
	Name     string
	Findings []Finding // without a Cause
}

// Queries type checks every registered query on the migrated database at url,
// for a test: prepare, check and vet do more, but not on a database of the
// caller's. The queries are sorted by name.
func Queries(ctx context.Context, url string) ([]Query, error) {
	inspected, err := inspect.Queries(ctx, sqlcheck.All(), url)
	if err != nil {
		return nil, err
	}
	all := make([]Query, len(inspected))
	for i, q := range inspected {
		all[i].Name = q.Snapshot.Name
		for _, f := range q.Findings {
			all[i].Findings = append(all[i].Findings, findingOf(q, f))
		}
	}
	return all, nil
}

func findingOf(q inspect.Query, f inspect.Finding) Finding {
	return Finding{
		File: shown(q.File), Line: q.Line, Query: q.Snapshot.Name,
		Variants: f.Variants, Of: q.Snapshot.Variants(), Problem: f.Problem, Fix: f.Fix,
	}
}
