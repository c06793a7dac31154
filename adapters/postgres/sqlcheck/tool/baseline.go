package tool

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
)

// baselineFile lists what went past sqlcheck when vet -accept wrote it, one finding
// a line, without line numbers, so that a change elsewhere in a file moves nothing.
const baselineFile = "vet_baseline.txt"

const baselineHead = "# Written by sqlcheck vet -accept: SQL that is sent past sqlcheck. Vet reports only more than this.\n"

// writeBaseline writes what was found, or removes the file if that is nothing.
func (s *service) writeBaseline(found []bypass) error {
	if len(found) == 0 {
		if err := os.Remove(s.path(baselineFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	var b strings.Builder
	b.WriteString(baselineHead)
	for _, f := range found {
		b.WriteString(f.key + "\n")
	}
	return snapshot.WriteFile(s.path(baselineFile), []byte(b.String()))
}

// compareBaseline leaves out what the baseline has, as often as it has that. Stale
// is what the baseline has and nobody found.
func (s *service) compareBaseline(found []bypass) (fresh, stale []Finding, err error) {
	file := s.path(baselineFile)
	text, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, err
	}
	known := map[string][]int{} // lines of the baseline
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	for i, key := range lines {
		known[key] = append(known[key], i+1)
	}
	for _, f := range found {
		if of := known[f.key]; len(of) > 0 {
			known[f.key] = of[1:]
			continue
		}
		fresh = append(fresh, f.Finding)
	}
	for i, key := range lines {
		if of := known[key]; len(of) == 0 || of[0] != i+1 || key == "" || strings.HasPrefix(key, "#") {
			continue
		}
		known[key] = known[key][1:]
		problem := fmt.Sprintf("stale: %q is not found any more", key)
		stale = append(stale, Finding{File: shown(file), Line: i + 1, Problem: problem, Fix: "run sqlcheck vet -accept"})
	}
	return fresh, stale, nil
}
