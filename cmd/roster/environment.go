package main

import (
	"fmt"
	"slices"
	"strings"
)

// variables reads the process's environment. An empty variable is one that is
// not set.
func variables(environ []string) map[string]string {
	values := map[string]string{}
	for _, entry := range environ {
		if name, value, _ := strings.Cut(entry, "="); value != "" {
			values[name] = value
		}
	}
	return values
}

// unknown warns of variables that look like Roster's and are none.
func unknown(values map[string]string, known []string) []string {
	var warnings []string
	for name := range values {
		if strings.HasPrefix(name, "ROSTER_") && !strings.HasPrefix(name, "ROSTER_TEST_") && !slices.Contains(known, name) {
			warnings = append(warnings, fmt.Sprintf("the environment variable %s is unknown and has no effect; did you mean %s?", name, nearest(name, known)))
		}
	}
	slices.Sort(warnings)
	return warnings
}

// nearest returns the candidate that takes the fewest edits to write.
func nearest(word string, candidates []string) string {
	return slices.MinFunc(candidates, func(a, b string) int { return edits(word, a) - edits(word, b) })
}

// edits counts the letters to insert, delete or replace (Levenshtein).
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
