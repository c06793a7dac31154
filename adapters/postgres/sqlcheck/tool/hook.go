package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/inspect"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/mutants"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/plans"
)

// Inspect is the main function of the program that the command compiles of a
// service's packages (see the package's comment). It answers what the arguments
// ask about the registered queries, as JSON on the standard output, and returns
// the exit status. Only that program calls it, and what it takes and writes may
// change with each release.
func Inspect(args []string) (status int) {
	if err := answer(context.Background(), os.Stdout, os.Stderr, args); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// report is what Inspect writes.
type report struct {
	Queries []inspect.Query
	Plans   plans.Report
	Mutants []mutants.Mutant
	Faults  []fault // of the definitions: then there is nothing else
	Error   string  // why there is nothing else
}

// fault is sqlcheck.Fault as JSON.
type fault struct {
	Source, Query, Problem string
	Variants, Of           int
}

// faults are what is wrong with the registered definitions.
func faults() (all []fault) {
	for _, f := range sqlcheck.Faults() {
		all = append(all, fault{Source: f.Source, Query: f.Name, Problem: f.Err.Error(), Variants: f.Variants, Of: f.Of})
	}
	return all
}

// The questions that Inspect answers, each with the arguments behind it.
const (
	askList    = "list"    // the queries, without a database
	askCheck   = "check"   // the queries, type checked on the migrated database at a URL
	askPlans   = "plans"   // their plans on the filled database at a URL
	askColumns = "columns" // mutants: the server's URL, and that of the migrated database
	askIndexes = "indexes" // mutants: the server's URL, and that of the filled database
)

func answer(ctx context.Context, out, progress io.Writer, args []string) error {
	r := report{Faults: faults()}
	if len(r.Faults) > 0 && question(args) != "" {
		return json.NewEncoder(out).Encode(r)
	}
	var err error
	switch question := question(args); question {
	case askList:
		r.Queries, err = inspect.Queries(ctx, sqlcheck.All(), "")
	case askCheck:
		r.Queries, err = inspect.Queries(ctx, sqlcheck.All(), args[1])
	case askPlans:
		r.Plans, err = inspect.Plans(ctx, sqlcheck.All(), args[1])
	case askColumns:
		r.Mutants, err = mutants.Columns(ctx, sqlcheck.All(), mutants.Databases{Server: args[1], Original: args[2]}, progress)
	case askIndexes:
		r.Mutants, err = mutants.Indexes(ctx, sqlcheck.All(), mutants.Databases{Server: args[1], Original: args[2]}, progress)
	default:
		err = errors.New("only the command sqlcheck runs this program: use one release of both")
	}
	if err != nil {
		r = report{Error: err.Error()}
	}
	return json.NewEncoder(out).Encode(r)
}

// question is the first argument, or "" if the number of the others is wrong.
func question(args []string) string {
	wants := map[string]int{askList: 1, askCheck: 2, askPlans: 2, askColumns: 3, askIndexes: 3}
	if len(args) == 0 || wants[args[0]] != len(args) {
		return ""
	}
	return args[0]
}
