package tool

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/inspect"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/schema"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
)

const runPrepare = "run sqlcheck prepare"

// check compares this version with its snapshots, and the migrations with the
// last release if the flags name that.
func (s *service) check(ctx context.Context) ([]Finding, error) {
	found, err := s.checkDefinitions(ctx)
	if err != nil || s.released == "" {
		return found, err
	}
	history, _, err := s.past()
	if err != nil {
		return nil, err
	}
	broken, err := s.checkReleased(ctx, history)
	return append(found, broken...), err
}

// checkDefinitions compares the definitions, the migrations and the generated
// files with the snapshots.
func (s *service) checkDefinitions(ctx context.Context) ([]Finding, error) {
	history, snapshots, err := s.past()
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, file := range slices.Sorted(maps.Keys(snapshots.Faults)) {
		found = append(found, Finding{
			File: shown(file), Problem: "the snapshot can't be used: " + snapshots.Faults[file].Error(), Fix: runPrepare,
		})
	}
	found = append(found, s.staleMigrations(history.Migrations, snapshots.Schema.Migrations)...)
	generated, err := s.changedFiles(snapshots.Schema.Generated)
	if err != nil {
		return nil, err
	}
	found = append(found, generated...)
	p, err := s.programOf(ctx, snapshots)
	if err != nil {
		return nil, err
	}
	r, err := p.ask(ctx, askList)
	if err != nil {
		wrong, err := s.wrongDefinition(err)
		return append(found, wrong...), err
	}
	unknown := changes(history.Migrations, snapshots.Schema.Migrations)
	return append(found, s.compare(r.Queries, snapshots, unknown)...), nil
}

func (s *service) staleMigrations(now []schema.Migration, before []snapshot.FileHash) []Finding {
	if len(before) == 0 {
		return nil // the missing snapshot of the schema is a finding already
	}
	var found []Finding
	add := func(file, problem string) {
		found = append(found, Finding{File: s.migration(file), Problem: "stale: " + problem, Fix: runPrepare})
	}
	for _, m := range now {
		i := slices.IndexFunc(before, func(b snapshot.FileHash) bool { return b.File == m.File })
		switch {
		case i < 0:
			add(m.File, "this migration is newer than the snapshots")
		case before[i].Hash != m.Hash:
			add(m.File, "this migration changed after the snapshots were written")
		}
	}
	for _, b := range before {
		if !slices.ContainsFunc(now, func(m schema.Migration) bool { return m.File == b.File }) {
			add(b.File, "this migration was removed after the snapshots were written")
		}
	}
	return found
}

// changes are those of the migrations that the snapshots don't know.
func changes(now []schema.Migration, before []snapshot.FileHash) []schema.Change {
	var all []schema.Change
	for _, m := range now {
		if !slices.Contains(before, snapshot.FileHash{File: m.File, Hash: m.Hash}) {
			all = append(all, m.Changes()...)
		}
	}
	return all
}

// compare compares each query with its snapshot.
func (s *service) compare(queries []inspect.Query, snapshots snapshot.Folder, unknown []schema.Change) []Finding {
	var found []Finding
	defined := map[string]bool{}
	for _, q := range queries {
		defined[q.Snapshot.Name] = true
		at := Finding{File: shown(q.File), Line: q.Line, Query: q.Snapshot.Name}
		add := func(problem, fix string) {
			at.Problem, at.Fix = problem, fix
			found = append(found, at)
		}
		for _, c := range unknown {
			if seemsToUse(q.Snapshot, c) {
				add(s.changeProblem(c), "change the query, and "+runPrepare)
			}
		}
		before, ok := snapshots.Queries[q.Snapshot.Name]
		if !ok {
			add("it has no snapshot", runPrepare)
			continue
		}
		if what := snapshot.Differs(q.Snapshot, before); what != "" && snapshots.Faults[snapshots.File(q.Snapshot.Name)] == nil {
			add("stale: "+what+" after the snapshot was written", runPrepare)
		}
		for _, problem := range before.Problems {
			add(problem, "")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(snapshots.Queries)) {
		if !defined[name] {
			file, problem := shown(snapshots.File(name)), fmt.Sprintf("orphaned snapshot: there is no query %q", name)
			found = append(found, Finding{File: file, Problem: problem, Fix: runPrepare})
		}
	}
	return found
}

func (s *service) changeProblem(c schema.Change) string {
	uses := fmt.Sprintf("it seems to use %s.%s, which %s ", c.Table, c.Column, s.migration(c.File))
	if c.NewName == "" {
		return uses + "drops"
	}
	return uses + "renames to " + c.NewName
}

// seemsToUse reports whether a text of the query has both the table and the
// column.
func seemsToUse(q snapshot.Query, c schema.Change) bool {
	return slices.ContainsFunc(q.Statements, func(s snapshot.Statement) bool {
		return hasWord(string(s.Text), c.Table[strings.LastIndex(c.Table, ".")+1:]) && hasWord(string(s.Text), c.Column)
	})
}

func hasWord(text, word string) bool {
	return regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(word) + `\b`).MatchString(text)
}
