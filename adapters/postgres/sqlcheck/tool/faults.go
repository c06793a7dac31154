package tool

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// faultsError is that definitions are wrong, so that nothing else was looked at.
type faultsError struct{ findings []Finding }

func (e faultsError) Error() string { return fmt.Sprintf("%d faults of definitions", len(e.findings)) }

func (s *service) findingsOf(faults []fault) (all []Finding) {
	for _, f := range faults {
		found := s.placed(f.Source + ": " + f.Problem)
		found.Query = f.Query
		if f.Of > 1 {
			found.Variants, found.Of = f.Variants, f.Of
		}
		all = append(all, found)
	}
	return all
}

// wrongDefinition makes findings of definitions that are wrong, or of one that panics as
// the program starts.
func (s *service) wrongDefinition(err error) ([]Finding, error) {
	if wrong := (faultsError{}); errors.As(err, &wrong) {
		return wrong.findings, nil
	}
	var compiler *toolError
	if errors.As(err, &compiler) {
		if text := panicked(compiler); text != "" {
			return []Finding{s.placed(text)}, nil
		}
	}
	return nil, err
}

// placed is the finding of file:line: problem, whose file is relative to the service's
// folder, in which the program runs.
func (s *service) placed(text string) Finding {
	if m := placedText.FindStringSubmatch(text); m != nil {
		line, _ := strconv.Atoi(m[2]) // digits
		return Finding{File: shown(s.path(m[1])), Line: line, Problem: m[3]}
	}
	return Finding{File: ".", Problem: text}
}

var placedText = regexp.MustCompile(`(?s)^(.+?):(\d+): (.*)$`)
