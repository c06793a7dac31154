package tool

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// command is one of the commands.
type command struct {
	name     string
	operands string // in the line of its usage
	summary  string
	details  string
	flags    []flagHelp
	run      func(s *service, ctx context.Context) error
}

type flagHelp struct{ flag, text string }

var (
	serverFlag   = flagHelp{"-database url", "make databases on this PostgreSQL, not on a new one"}
	jsonFlag     = flagHelp{"-json", "print each finding as a JSON object on a line"}
	githubFlag   = flagHelp{"-github", "print findings as annotations of GitHub Actions"}
	releasedFlag = flagHelp{"-released dir", "check the last release, too, of which sqlcheck release wrote a file there"}
)

// commands are the commands in the order of the help. Those of vet and describe are
// run by options.run, since they need no sqlcheck.json.
func commands() []command { return append(serviceCommands(), ownCommands()...) }

// serviceCommands are about the queries of a service.
func serviceCommands() []command {
	return []command{
		{
			name: "prepare", operands: "[folder]",
			summary: "type check every query on a new database, and write the snapshots",
			details: "It makes a database, applies the migrations to it, asks PostgreSQL about each\n" +
				"statement, and writes snapshots and the assertions in sqlcheck_gen.go.",
			flags: []flagHelp{serverFlag, jsonFlag, githubFlag}, run: prints((*service).prepare),
		},
		{
			name: "check", operands: "[folder]",
			summary: "compare queries and migrations with snapshots, without a database",
			details: "It lists what changed after the snapshots were written, and what was wrong when\n" +
				"they were. Of a new migration it finds the columns that are renamed or dropped.\n" +
				"With -released it makes a database, too, and finds what the migrations break of\n" +
				"the queries of the last release.",
			flags: []flagHelp{releasedFlag, serverFlag, jsonFlag, githubFlag}, run: prints((*service).check),
		},
		{
			name: "release", operands: "[folder]",
			summary: "write the queries of a release, which check -released then protects",
			details: "It needs snapshots without findings. The file holds the texts, their types and\n" +
				"nullability, and the tables: commit it with the release.",
			flags: []flagHelp{
				{"-released dir", "write to this folder"},
				{"-version text", "the version, such as v1.2.0"},
				serverFlag, jsonFlag,
			},
			run: prints((*service).release),
		},
		{
			name: "plans", operands: "[folder]",
			summary: "refuse plans that read or sort a large table, or that changed",
			details: "It looks at the plan of each statement on a database with many rows, which the\n" +
				"command \"fill\" of sqlcheck.json fills.",
			flags: []flagHelp{
				{"-accept", "write the plans into the snapshots"},
				{"-database url", "look at this database: migrated, filled, analyzed"},
				jsonFlag, githubFlag,
			},
			run: prints((*service).plans),
		},
		{
			name: "mutants", operands: "[folder]",
			summary: "break each column and index in turn, and list what no check noticed",
			details: "It takes minutes: each change is made in a copy of the database.",
			flags: []flagHelp{
				serverFlag,
				{"-released dir", "hold them against the queries of the last release"},
				{"-json", "print the mutants as JSON"},
				{"-markdown", "print the table as Markdown"},
			},
			run: (*service).mutants,
		},
	}
}

// ownCommands need no sqlcheck.json.
func ownCommands() []command {
	return []command{
		{
			name: "describe", operands: "file.sql…",
			summary: "print what statements take and give, and what of it can be NULL",
			details: "It is for any program with SQL in files: it needs no Go and no sqlcheck.json.\n" +
				"Parameters are $1 or @name. A comment \"-- name: X\" names a statement.",
			flags: []flagHelp{
				{"-schema path", "a dump of the schema, or a folder of migrations"},
				serverFlag,
				{"-json", "print each statement as a JSON object on a line"},
			},
		},
		{
			name: "vet", operands: "[packages]",
			summary: "refuse SQL that is not sent by a query of sqlcheck",
			details: "It looks at the packages under \"vet\" in sqlcheck.json, or else under \"packages\",\n" +
				"or at those named. What vet_baseline.txt beside it lists is no finding.",
			flags: []flagHelp{
				{"-config dir", "the folder that holds sqlcheck.json, if not this one"},
				{"-accept", "write what is found to the baseline"},
				{"-tests", "look into test files, too"},
				{"-tags list", "build tags, as the go command takes them"},
				jsonFlag, githubFlag,
			},
		},
	}
}

// prints makes a command of a check: it prints the findings.
func prints(check func(*service, context.Context) ([]Finding, error)) func(*service, context.Context) error {
	return func(s *service, ctx context.Context) error {
		found, err := check(s, ctx)
		if err != nil {
			return err
		}
		return s.printer.print(found)
	}
}

const usage = `usage: sqlcheck command [flags] [folder]

Checks the queries of a Go program against the schema that its migrations make.
The folder, by default the working folder, holds sqlcheck.json.

Commands:
%s
sqlcheck help command explains a command and its flags.
The exit status is 0 without findings, 1 with findings, 2 after an error.
`

// flags is a flag set that sets the options. The help explains the flags.
func (o *options) flags() *flag.FlagSet {
	flags := flag.NewFlagSet("sqlcheck", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&o.accept, "accept", false, "")
	flags.StringVar(&o.database, "database", "", "")
	flags.BoolVar(&o.printer.json, "json", false, "")
	flags.BoolVar(&o.printer.github, "github", false, "")
	flags.BoolVar(&o.markdown, "markdown", false, "")
	flags.StringVar(&o.released, "released", "", "")
	flags.StringVar(&o.version, "version", "", "")
	flags.StringVar(&o.schema, "schema", "", "")
	flags.StringVar(&o.config, "config", "", "")
	flags.BoolVar(&o.tests, "tests", false, "")
	flags.BoolVar(&o.tests, "sqlcheck.tests", false, "") // its name with go vet
	flags.StringVar(&o.tags, "tags", "", "")
	return flags
}

// parse finds the command and its operands. Flags may stand anywhere. Where the help is asked for, it prints that and
// returns no command.
func (o *options) parse(args []string) (c *command, operands []string, err error) {
	flags := o.flags()
	for {
		err := flags.Parse(args)
		switch {
		case errors.Is(err, flag.ErrHelp):
			return nil, nil, o.help(c)
		case err != nil:
			return nil, nil, fmt.Errorf("%w: sqlcheck help lists the commands and their flags", err)
		case flags.NArg() == 0 && c == nil:
			return nil, nil, errors.New("missing command: sqlcheck help lists them")
		case flags.NArg() == 0:
			return c, operands, nil
		}
		word, rest := flags.Arg(0), flags.Args()[1:]
		args = rest
		switch {
		case c != nil:
			operands = append(operands, word)
		case word == "help" && len(rest) == 0:
			return nil, nil, o.help(nil)
		case word == "help":
			args = append(slices.Clone(rest), "-help")
		default:
			if c, err = find(word); err != nil {
				return nil, nil, err
			}
		}
	}
}

func find(name string) (*command, error) {
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == name })
	if i < 0 {
		return nil, fmt.Errorf("unknown command %q: sqlcheck help lists the commands", name)
	}
	return &all[i], nil
}

// help prints how a command is used, or without one, which commands there are.
func (o *options) help(c *command) error {
	var b strings.Builder
	if c == nil {
		for _, c := range commands() {
			fmt.Fprintf(&b, "  %-8s  %s\n", c.name, c.summary)
		}
		_, err := fmt.Fprintf(o.printer.out, usage, b.String())
		return err
	}
	b.WriteString(strings.Join([]string{"usage: sqlcheck", c.name, "[flags]", c.operands}, " "))
	fmt.Fprintf(&b, "\n\n%s%s.\n%s\n", strings.ToUpper(c.summary[:1]), c.summary[1:], c.details)
	if len(c.flags) > 0 {
		b.WriteString("\nFlags:\n")
	}
	for _, f := range c.flags {
		fmt.Fprintf(&b, "  %-14s %s\n", f.flag, f.text)
	}
	_, err := io.WriteString(o.printer.out, b.String())
	return err
}
