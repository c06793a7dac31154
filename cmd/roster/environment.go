package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/connect"
	"github.com/roster-directory/roster/domain"
)

// parseEnvironment returns the variables of an environment. An empty variable
// counts as not set.
func parseEnvironment(environ []string) map[string]string {
	values := map[string]string{}
	for _, entry := range environ {
		if name, value, _ := strings.Cut(entry, "="); value != "" {
			values[name] = value
		}
	}
	return values
}

// unknownVariables returns warnings of variables that begin like Roster's and have
// no effect.
func unknownVariables(values map[string]string, known []string) []string {
	var warnings []string
	for name := range values {
		if strings.HasPrefix(name, "ROSTER_") && !strings.HasPrefix(name, "ROSTER_TEST_") && !slices.Contains(known, name) {
			text := "the environment variable " + name + " is unknown and has no effect"
			if near := nearest(name, known); near != "" {
				text += "; did you mean " + near + "?"
			}
			warnings = append(warnings, text)
		}
	}
	slices.Sort(warnings)
	return warnings
}

// variablesOfPostgres returns a warning of the variables that other clients of
// PostgreSQL read, and that have no effect.
func variablesOfPostgres(values map[string]string) []string {
	var set []string
	for _, name := range connect.Variables() {
		if values[name] != "" {
			set = append(set, name)
		}
	}
	if len(set) == 0 {
		return nil
	}
	const text = "Roster does not read %s: the address of the database is DATABASE_URL alone"
	return []string{fmt.Sprintf(text, strings.Join(set, ", "))}
}

// nearest returns the candidate with the fewest edits from the word; nothing if that
// is another word rather than a slip.
func nearest(word string, candidates []string) string {
	near := slices.MinFunc(candidates, func(a, b string) int { return domain.Edits(word, a) - domain.Edits(word, b) })
	if domain.Edits(word, near) > 1+len(word)/4 {
		return ""
	}
	return near
}
