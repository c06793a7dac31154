package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/lock"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/schema"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/tool"
)

const mend = "run sqlcheck prepare"

// check holds the definitions, the migrations and the generated files against
// the locks.
func (s *service) check(ctx context.Context) ([]finding, error) {
	history, locks, err := s.past()
	if err != nil {
		return nil, err
	}
	var found []finding
	for _, file := range slices.Sorted(maps.Keys(locks.Faults)) {
		found = append(found, finding{File: shown(file), Problem: "the lock can't be trusted: " + locks.Faults[file].Error(), Fix: mend})
	}
	stale := s.staleMigrations(history.Migrations, locks.Schema.Migrations)
	found = append(found, stale...)
	generated, err := s.changedFiles(locks.Schema.Generated)
	if err != nil {
		return nil, err
	}
	found = append(found, generated...)
	p := &program{service: s}
	if p.packages, err = s.rowPackages(ctx, locks); err != nil {
		return nil, err
	}
	report, err := p.ask(ctx)
	if err != nil {
		broken, err := s.broken(err)
		return append(found, broken...), err
	}
	return append(found, s.compare(report.Queries, locks, changes(history.Migrations, locks.Schema.Migrations))...), nil
}

// definitionFault is what a definition panics with: file:line: query "x": why.
func definitionFault(text string) finding {
	if m := faultText.FindStringSubmatch(text); m != nil {
		line, _ := strconv.Atoi(m[2]) // digits
		return finding{File: shown(m[1]), Line: line, Problem: m[3]}
	}
	return finding{File: ".", Problem: text}
}

var faultText = regexp.MustCompile(`^(.+?):(\d+): (.*)$`)

func (s *service) staleMigrations(now []schema.Migration, locked []lock.FileHash) []finding {
	if len(locked) == 0 {
		return nil // that there is no lock is said already
	}
	var found []finding
	add := func(file, what string) {
		found = append(found, finding{File: s.migration(file), Problem: "stale: " + what + " the locks", Fix: mend})
	}
	for _, m := range now {
		i := slices.IndexFunc(locked, func(l lock.FileHash) bool { return l.File == m.File })
		switch {
		case i < 0:
			add(m.File, "it is newer than")
		case locked[i].Hash != m.Hash:
			add(m.File, "it is not as it was for")
		}
	}
	for _, l := range locked {
		if !slices.ContainsFunc(now, func(m schema.Migration) bool { return m.File == l.File }) {
			add(l.File, "it is gone, and was there for")
		}
	}
	return found
}

// changes are those of the migrations that the locks don't know.
func changes(now []schema.Migration, locked []lock.FileHash) []schema.Change {
	var all []schema.Change
	for _, m := range now {
		if !slices.Contains(locked, lock.FileHash{File: m.File, Hash: m.Hash}) {
			all = append(all, m.Changes()...)
		}
	}
	return all
}

// changedFiles finds generated files that are not as they were written.
func (s *service) changedFiles(locked []lock.FileHash) ([]finding, error) {
	var found []finding
	for _, l := range locked {
		hash, err := hashOf(s.path(l.File))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			found = append(found, finding{File: shown(s.path(l.File)), Problem: "the generated file is missing", Fix: mend})
		case err != nil:
			return nil, err
		case hash != l.Hash:
			found = append(found, finding{File: shown(s.path(l.File)), Problem: "the generated file was edited by hand, or merged", Fix: mend})
		}
	}
	return found, nil
}

func hashOf(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), nil
}

func (s *service) hashes(paths []string) ([]lock.FileHash, error) {
	var all []lock.FileHash
	for _, path := range slices.Sorted(slices.Values(paths)) {
		hash, err := hashOf(path)
		if err != nil {
			return nil, err
		}
		name, err := s.relative(path)
		if err != nil {
			return nil, err
		}
		all = append(all, lock.FileHash{File: name, Hash: hash})
	}
	return all, nil
}

// compare holds each query against its lock.
func (s *service) compare(queries []tool.Query, locks lock.Folder, unknown []schema.Change) []finding {
	var found []finding
	defined := map[string]bool{}
	for _, q := range queries {
		defined[q.Lock.Name] = true
		at := finding{File: shown(q.File), Line: q.Line, Query: q.Lock.Name}
		for _, c := range unknown {
			if touches(q.Lock, c) {
				at.Problem, at.Fix = s.tells(c), "change the query, and "+mend
				found = append(found, at)
			}
		}
		locked, ok := locks.Queries[q.Lock.Name]
		if !ok {
			at.Problem, at.Fix = "it has no lock", mend
			found = append(found, at)
			continue
		}
		if what := lock.Differs(q.Lock, locked); what != "" && locks.Faults[locks.File(q.Lock.Name)] == nil {
			at.Problem, at.Fix = "stale: "+what+" after the lock was written", mend
			found = append(found, at)
		}
		for _, problem := range locked.Problems {
			at.Problem, at.Fix = problem, ""
			found = append(found, at)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(locks.Queries)) {
		if !defined[name] {
			found = append(found, finding{File: shown(locks.File(name)), Problem: fmt.Sprintf("orphaned: there is no query %q", name), Fix: mend})
		}
	}
	return found
}

func (s *service) tells(c schema.Change) string {
	if c.NewName == "" {
		return fmt.Sprintf("%s drops %s.%s, which it seems to use", s.migration(c.File), c.Table, c.Column)
	}
	return fmt.Sprintf("%s renames %s.%s, which it seems to use, to %s", s.migration(c.File), c.Table, c.Column, c.NewName)
}

// touches tells whether a text of the query has both the table and the column.
func touches(q lock.Query, c schema.Change) bool {
	return slices.ContainsFunc(q.Statements, func(s lock.Statement) bool {
		return hasWord(string(s.Text), c.Table[strings.LastIndex(c.Table, ".")+1:]) && hasWord(string(s.Text), c.Column)
	})
}

func hasWord(text, word string) bool {
	return regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(word) + `\b`).MatchString(text)
}
