// Package tool is the command sqlcheck, so that the program of that name is a
// main function of a few lines. Queries is its type check for a test.
//
// The command sees a service's queries as Go values: it compiles a main package
// that imports the service's packages and calls Inspect, and reads what that
// writes. That main package is on no disk: an overlay of the go command holds it.
package tool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/vet"
)

// Start starts a PostgreSQL server that keeps its files in dir, an empty folder
// that is removed after Stop.
type Start func(ctx context.Context, dir string) (Server, error)

// Server is a server of Start, with a superuser's rights.
type Server interface {
	URL(database string) string
	Stop(ctx context.Context) error
}

// The exit statuses.
const (
	allWell  = 0
	findings = 1
	failed   = 2
)

// Main runs the command with the arguments of the program and returns its exit
// status: 0 without findings, 1 with findings, 2 if it could not find out. Of a
// program that go vet runs it does not return.
func Main(ctx context.Context, args []string, out, errs io.Writer, start Start) (status int) {
	if vet.Invoked(args) {
		vet.Main()
	}
	coloured := isTerminal(out) && os.Getenv("NO_COLOR") == ""
	o := options{printer: printer{out: out, errs: errs, coloured: coloured}, start: start}
	err := o.run(ctx, args)
	switch {
	case errors.Is(err, errFindings):
		return findings
	case err != nil:
		fmt.Fprintln(errs, "sqlcheck:", err)
		return failed
	}
	return allWell
}

// errFindings says that findings were printed.
var errFindings = errors.New("there are findings")

// options are what the flags set, and what the caller of Main gives.
type options struct {
	database string
	accept   bool
	markdown bool
	released string // the folder of the last release
	version  string // of the release that is written
	schema   string // where the schema of describe comes from
	config   string // the folder with the configuration of vet
	tests    bool   // vet looks into test files
	tags     string // the build tags for vet
	printer  printer
	start    Start
}

func (o options) run(ctx context.Context, args []string) error {
	c, operands, err := o.parse(args)
	switch {
	case err != nil:
		return err
	case c == nil: // the help was asked for
		return nil
	case c.name == "vet":
		return o.vet(ctx, operands)
	case c.name == "describe":
		return o.describe(ctx, operands)
	}
	dir := "."
	switch len(operands) {
	case 0:
	case 1:
		dir = operands[0]
	default:
		return fmt.Errorf("unexpected argument %q: %s takes one folder", operands[1], c.name)
	}
	s, err := openService(dir, o)
	if err != nil {
		return err
	}
	return c.run(s, ctx)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
