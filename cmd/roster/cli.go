package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"

	"github.com/roster-directory/roster/cmd/roster/settings"
)

const description = `A user directory service on PostgreSQL.

	roster serve                                         # on 127.0.0.1:3000, with a PostgreSQL of its own
	DATABASE_URL=postgres://user@host/roster roster serve    # or on yours`

// cli is the grammar of the command line. A command is a struct with a method
// Run(context.Context, *session) error.
type cli struct {
	settings.Log `embed:"" group:"Log"`

	Serve      serveCommand      `cmd:"" help:"Serve the directory over HTTP."`
	Migrate    migrateCommand    `cmd:"" help:"Bring the database's schema up or down."`
	Import     importCommand     `cmd:"" help:"Take a data set in: a folder of NDJSON or CSV files."`
	Export     exportCommand     `cmd:"" help:"Write the directory out as a data set."`
	Sample     sampleCommand     `cmd:"" help:"Make up a data set of any size."`
	Engagement engagementCommand `cmd:"" help:"Check the sums of the engagement report, or sum anew."`
	Config     configCommand     `cmd:"" help:"Print the settings in force, and where each comes from."`
	Version    versionCommand    `cmd:"" help:"Print what this program was built from."`

	Docs docsCommand `cmd:"" hidden:"" help:"Print the table of settings for the documentation."`
}

// execute does what the arguments say.
func (s *session) execute(ctx context.Context) error {
	var grammar cli
	env := newEnvironment(s.environ)
	parser, err := newParser(ctx, &grammar, s, env)
	if err != nil {
		return err
	}
	parsed, err := parse(parser, s.args, env)
	if errors.Is(err, errHelped) {
		return nil
	}
	if err != nil {
		return misuse(err, parsed)
	}
	if s.log, err = newLogger(grammar.Log, s.stderr, env); err != nil {
		return &misuseError{err}
	}
	for _, warning := range env.unknown(parser.Model) {
		s.log.WarnContext(ctx, warning)
	}
	return parsed.Run(origins(parsed))
}

func newParser(ctx context.Context, grammar *cli, s *session, env *environment) (*kong.Kong, error) {
	parser, err := kong.New(
		grammar,
		kong.Name("roster"), kong.Description(description),
		kong.Writers(s.stdout, s.stderr), kong.Exit(func(int) { panic(errHelped) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 100}),
		kong.ValueFormatter(describeFlag), kong.Resolvers(env),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(s),
	)
	if err != nil {
		return nil, fmt.Errorf("the grammar of the command line: %w", err)
	}
	hideVariables(parser.Model.Node)
	return parser, nil
}

// errHelped says that the arguments asked for help, and got it.
var errHelped = errors.New("helped")

// parse reads the arguments, and what they leave open from the environment.
func parse(parser *kong.Kong, args []string, env *environment) (parsed *kong.Context, err error) {
	defer func() {
		// Kong calls its Exit function after help, and goes on if that returns.
		if r := recover(); r == any(errHelped) {
			err = errHelped
		} else if r != nil {
			panic(r)
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err = parser.Parse(args)
	if wrong := env.wrong(); wrong != nil {
		return parsed, wrong
	}
	return parsed, err
}

// misuse makes a usage error of err that says where to read on.
func misuse(err error, parsed *kong.Context) error {
	command := "roster"
	var unparsed *kong.ParseError
	if errors.As(err, &unparsed) {
		parsed = unparsed.Context
	}
	if parsed != nil && parsed.Selected() != nil {
		command = parsed.Selected().FullPath()
	}
	return &misuseError{fmt.Errorf("%w\nSee %s --help", err, command)}
}

// printf writes a command's answer.
func printf(w io.Writer, format string, args ...any) error {
	_, err := fmt.Fprintf(w, format, args...)
	return err
}
