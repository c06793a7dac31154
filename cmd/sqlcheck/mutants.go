package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/lock"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/mutants"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/schema"
)

// mutants tells which broken schemas neither prepare nor plans would notice.
func (o options) mutants(ctx context.Context, s *service) error {
	s.progress = o.printer.errs
	_, locks, err := s.past()
	if err != nil {
		return err
	}
	columns, err := s.mutateColumns(ctx, o.database, locks)
	if err != nil {
		return err
	}
	indexes, err := s.mutateIndexes(ctx, locks)
	if err != nil {
		return err
	}
	report := mutants.Report{Mutants: append(columns, indexes...)}
	if unneeded := report.Excuse(s.Unused); len(unneeded) > 0 {
		return fmt.Errorf("%s: \"unused\" gives purposes to what needs none, %q: take them out", shown(s.path(configFile)), unneeded)
	}
	if o.json {
		err = json.NewEncoder(o.printer.out).Encode(report)
	} else {
		_, err = o.printer.out.Write([]byte(report.Table(o.markdown)))
	}
	if err == nil && len(report.Survivors()) > 0 {
		err = errFindings
	}
	return err
}

func (s *service) mutateColumns(ctx context.Context, server string, locks lock.Folder) (all []mutants.Mutant, err error) {
	server, stop, err := serverFor(ctx, server)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	database, err := schema.NewScratch(ctx, server, schema.Source{Folder: shown(s.path(s.Migrations)), Versions: s.Versions})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, database.Drop(context.WithoutCancel(ctx))) }()
	return s.mutate(ctx, locks, "columns", server, database.URL)
}

func (s *service) mutateIndexes(ctx context.Context, locks lock.Folder) (all []mutants.Mutant, err error) {
	filled, drop, err := s.filled(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, drop()) }()
	server, err := url.Parse(filled)
	if err != nil {
		return nil, err
	}
	server.Path = "/postgres"
	return s.mutate(ctx, locks, "indexes", server.String(), filled)
}

const mutantsText = `package main

import (
	"context"
	"fmt"
	"os"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/mutants"
%s)

func main() {
	if err := mutants.Main(context.Background(), os.Stdout, os.Stderr, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
`

func (s *service) mutate(ctx context.Context, locks lock.Folder, args ...string) ([]mutants.Mutant, error) {
	p := &program{service: s, mainText: mutantsText}
	var err error
	if p.packages, err = s.rowPackages(ctx, locks); err != nil {
		return nil, err
	}
	var report mutants.Report
	if err := p.run(ctx, &report, args...); err != nil {
		return nil, err
	}
	if report.Error != "" {
		return nil, errors.New(report.Error)
	}
	return report.Mutants, nil
}
