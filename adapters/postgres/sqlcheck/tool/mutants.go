package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/mutants"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/released"
)

// mutants reports broken schemas that neither prepare nor plans would notice.
func (s *service) mutants(ctx context.Context) error {
	s.progress = s.printer.errs
	if s.released != "" {
		return s.releasedMutants(ctx)
	}
	_, snapshots, err := s.past()
	if err != nil {
		return err
	}
	p, err := s.programOf(ctx, snapshots)
	if err != nil {
		return err
	}
	columns, err := p.mutateColumns(ctx)
	if err != nil {
		return err
	}
	indexes, err := p.mutateIndexes(ctx)
	if err != nil {
		return err
	}
	report := mutants.Report{Mutants: append(columns, indexes...)}
	if unneeded := report.Excuse(s.Unused); len(unneeded) > 0 {
		return fmt.Errorf("%s: \"unused\" has entries that are not needed, %q: remove them", shown(s.path(configFile)), unneeded)
	}
	if s.printer.json {
		err = json.NewEncoder(s.printer.out).Encode(report)
	} else {
		_, err = s.printer.out.Write([]byte(report.Table(s.markdown)))
	}
	if err == nil && len(report.Survivors()) > 0 {
		err = errFindings
	}
	return err
}

func (p *program) mutateColumns(ctx context.Context) (all []mutants.Mutant, err error) {
	err = p.onScratch(ctx, func(server, url string) error {
		r, err := p.ask(ctx, askColumns, server, url)
		all = r.Mutants
		return err
	})
	return all, err
}

func (p *program) mutateIndexes(ctx context.Context) (all []mutants.Mutant, err error) {
	filled, drop, err := p.filled(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, drop()) }()
	server, err := url.Parse(filled)
	if err != nil {
		return nil, err
	}
	server.Path = "/postgres"
	r, err := p.ask(ctx, askIndexes, server.String(), filled)
	return r.Mutants, err
}

// releasedMutants reports what check -released would miss, or report for no
// reason.
func (s *service) releasedMutants(ctx context.Context) error {
	last, err := released.Read(s.released)
	if err != nil {
		return err
	}
	report := mutants.ReleasedReport{Version: last.Version}
	err = s.onScratch(ctx, func(server, url string) error {
		report.Mutants, err = mutants.Released(ctx, last, mutants.Databases{Server: server, Original: url}, s.progress)
		return err
	})
	if err != nil {
		return err
	}
	if s.printer.json {
		err = json.NewEncoder(s.printer.out).Encode(report)
	} else {
		_, err = s.printer.out.Write([]byte(report.Table(s.markdown)))
	}
	if err == nil && len(report.Wrong()) > 0 {
		err = errFindings
	}
	return err
}
