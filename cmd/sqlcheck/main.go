// Command sqlcheck holds a program's queries, defined with the package
// sqlcheck, against the schema that its migrations make.
//
//	sqlcheck prepare [dir]   migrate a new database, judge every query, write columns and locks
//	sqlcheck check [dir]     without a database: are the locks those of these queries and migrations?
//	sqlcheck plans [dir]     on a database with many rows: does a plan grow with a table, or differ from the lock's?
//	sqlcheck mutants [dir]   breaks each column and index in turn: do prepare and plans notice?
//	sqlcheck vet [packages]  is SQL sent past sqlcheck? By default all packages below the working folder
//
// dir, by default the working folder, holds sqlcheck.json:
//
//	{"migrations": "../migrations", "packages": ["."], "columns": "columns", "locks": "locks"}
//
// The paths are relative to it, and all but the first have these defaults. A
// service whose queries ask for its goose version names goose's table too, as
// in "versions": "shop.goose_db_version".
//
// The plans are those on the database that -database names, or else on a new
// one that the command "fill" fills: it gets the address of a migrated database
// as DATABASE_URL, and runs in dir, as in "fill": ["go", "run", "./fill"].
//
// The exit status is 0 if all is well, 1 if there are findings, and 2 if it
// could not find out.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/vet"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if vet.Invoked(os.Args[1:]) {
		vet.Main()
	}
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr, isTerminal(os.Stdout)))
}

const usage = `usage: sqlcheck [-json] [-database url] [-accept] prepare|check|plans|mutants [dir]
       sqlcheck vet [packages]

prepare  migrates a new database, judges every query, and writes columns, locks and assertions
check    tells, without a database, whether the locks are those of these queries and migrations
plans    refuses plans that grow with a table, and those that are not the lock's, on a database with many rows
mutants  breaks the schema on purpose, one change at a time, and tells which ones prepare and plans don't notice
vet      refuses SQL that is sent past sqlcheck; it is go vet with another tool

dir holds sqlcheck.json: {"migrations": "../migrations"}; by default it is the working folder.
`

const (
	allWell  = 0
	findings = 1
	failed   = 2
)

// run runs the command and returns its exit status.
func run(ctx context.Context, args []string, out, errs io.Writer, coloured bool) int {
	var o options
	flags := flag.NewFlagSet("sqlcheck", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Usage = func() {
		fmt.Fprint(errs, usage)
		flags.PrintDefaults()
	}
	flags.BoolVar(&o.json, "json", false, "write each finding as a JSON object on a line")
	flags.StringVar(&o.database, "database", "", "prepare on this server, whose user may create databases, `url`; else on one started for it. plans: look at this database, which is migrated, filled and analyzed")
	flags.BoolVar(&o.accept, "accept", false, "plans: write the plans to the locks")
	flags.BoolVar(&o.markdown, "markdown", false, "mutants: write the table as Markdown")
	if err := flags.Parse(args); err != nil {
		return failed
	}
	if flags.Arg(0) == "vet" {
		return vetPackages(ctx, flags.Args()[1:], out, errs)
	}
	dir := "."
	switch flags.NArg() {
	case 2:
		dir = flags.Arg(1)
	case 1:
	default:
		flags.Usage()
		return failed
	}
	o.printer = printer{out: out, errs: errs, json: o.json, coloured: coloured && os.Getenv("NO_COLOR") == ""}
	err := o.command(ctx, flags.Arg(0), dir)
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

type options struct {
	json     bool
	database string
	accept   bool
	markdown bool
	printer  printer
}

func (o options) command(ctx context.Context, name, dir string) error {
	s, err := openService(dir)
	if err != nil {
		return err
	}
	if name == "mutants" {
		return o.mutants(ctx, s)
	}
	var found []finding
	switch name {
	case "prepare":
		found, err = s.prepare(ctx, o.database)
	case "check":
		found, err = s.check(ctx)
	case "plans":
		found, err = s.plans(ctx, o.database, o.accept)
	default:
		return fmt.Errorf("there is no command %q: prepare, check, plans, mutants or vet", name)
	}
	if err != nil {
		return err
	}
	return o.printer.print(found)
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
