package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"
)

// change is one thing that the released contract promised and the present one
// does not keep.
type change struct {
	// operation is the method and path: "GET /users"; empty where the change is
	// not of one operation.
	operation string
	// rule is oasdiff's name of the kind of change.
	rule, text string
}

// String returns the change as one line for a person.
func (c change) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s: %s [%s]", c.operation, c.text, c.rule))
}

// saidBy reports whether an entry of the changelog names the operation and the
// rule, so that it admits this change and not the next one to come.
func (c change) saidBy(entry string) bool {
	return names(entry, c.rule) && names(entry, c.operation)
}

// breaks returns what breaks clients of the released contract, the surely
// breaking before the perhaps breaking.
func breaks(released, present string) ([]change, error) {
	before, err := specification(released)
	if err != nil {
		return nil, err
	}
	after, err := specification(present)
	if err != nil {
		return nil, err
	}
	difference, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), before, after)
	if err != nil {
		return nil, fmt.Errorf("compare %s with %s: %w", present, released, err)
	}
	config := checker.NewConfig(checker.GetAllChecks())
	words := checker.NewDefaultLocalizer()
	var found []change
	for _, each := range checker.CheckBackwardCompatibility(config, difference, sources) {
		operation := strings.TrimSpace(each.GetOperation() + " " + each.GetPath())
		found = append(found, change{operation, each.GetId(), each.GetUncolorizedText(words)})
	}
	return found, nil
}

func specification(path string) (*load.SpecInfo, error) {
	specification, err := load.NewSpecInfo(openapi3.NewLoader(), load.NewSource(path))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return specification, nil
}

// unsaid returns the changes that no entry of the changelog names, once each.
func unsaid(changes []change, changelog string) []change {
	said := admissions(changelog)
	var left []change
	for _, each := range changes {
		if !slices.ContainsFunc(said, each.saidBy) && !slices.Contains(left, each) {
			left = append(left, each)
		}
	}
	return left
}

// names reports whether an entry holds a name as a whole: "GET /users" is not
// in "GET /users/{id}". The empty name is in all.
func names(entry, name string) bool {
	for {
		_, after, found := strings.Cut(entry, name)
		if !found {
			return false
		}
		if after == "" || !strings.ContainsAny(after[:1], "/-{}_") || name == "" {
			return true
		}
		entry = after
	}
}

// admissions returns the entries under Unreleased that begin with "Breaking:",
// each on one line.
func admissions(changelog string) []string {
	_, unreleased, found := strings.Cut(changelog, "\n## [Unreleased]")
	if !found {
		return nil
	}
	unreleased, _, _ = strings.Cut(unreleased, "\n## ")
	var said []string
	inside := false
	for line := range strings.Lines(unreleased) {
		line = strings.TrimRight(line, "\n")
		entry, begins := strings.CutPrefix(line, "- ")
		switch {
		case begins:
			if inside = strings.HasPrefix(entry, "Breaking:"); inside {
				said = append(said, entry)
			}
		case !strings.HasPrefix(line, "  "):
			inside = false
		case inside:
			said[len(said)-1] += " " + strings.TrimSpace(line)
		}
	}
	return said
}
