// Package migrations holds the steps that lead to Roster's schema, as plain SQL
// for goose. Each file has one subject, and goes up and down. Migrations are
// only added: no file is changed or removed once it is on the main branch.
//
// Triggers are named by what they do and when: rollup_events_after_insert.
// Several triggers of one event fire in the order of their names.
//
// # Planner switches
//
// A function's plan is made once a connection, for any arguments. The planner
// then knows neither how long an array is nor how many rows a transition table
// has. It guesses, and may read a whole table for a few rows. So functions that
// get such rows switch those plans off, and joins look rows up by index:
//
//	SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
//
// MATERIALIZED computes a part of a statement once, before other parts write.
//
// The planner puts rollup_events, a single SELECT, into the statement of its
// caller. The parts of its UNION are for pairs, for organizations and for all;
// those that a literal null rules out are dropped. For pairs the other parts
// never run, yet count in the cost. So those callers also set the following, or
// each call would be planned again, or compiled:
//
//	SET plan_cache_mode = force_generic_plan SET jit = off
//
// IS TRUE in rollup_events makes a condition that no index serves. The planner
// then finds events by user, not all events of the organization.
package migrations

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Files are the migrations, named NNNNN_name.sql.
//
//go:embed *.sql
var Files embed.FS

// Baseline is the number of the first migration. Smaller numbers were in use
// before the first release: a database that has them was made by other files.
const Baseline = 101

// Migration is one file of Files.
type Migration struct {
	// Version is the number that the file's name starts with.
	Version int64
	// File is the name, such as 00102_directory.sql.
	File string
}

// All lists the migrations by version. The error names a file whose name has
// no number, or one that another file has too.
func All() ([]Migration, error) {
	entries, err := Files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	return number(names)
}

// Newest returns the migration with the highest version. The error is that of All.
func Newest() (Migration, error) {
	all, err := All()
	if err != nil {
		return Migration{}, err
	}
	return all[len(all)-1], nil
}

func number(names []string) ([]Migration, error) {
	all := make([]Migration, len(names))
	for i, name := range names {
		digits, _, _ := strings.Cut(name, "_")
		version, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || version < Baseline || len(digits) != 5 {
			return nil, fmt.Errorf("migrations/%s: name the file NNNNN_name.sql, its number from %05d", name, Baseline)
		}
		all[i] = Migration{version, name}
	}
	slices.SortFunc(all, func(a, b Migration) int { return int(a.Version - b.Version) })
	for i := 1; i < len(all); i++ {
		if all[i].Version == all[i-1].Version {
			return nil, fmt.Errorf("migrations/%s and %s have one number: give the later one the next", all[i-1].File, all[i].File)
		}
	}
	return all, nil
}
