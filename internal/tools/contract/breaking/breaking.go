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

// change is a difference between the contracts that may break clients.
type change struct {
	// operation is the method and the path, such as "GET /users". It is empty if the
	// change is not about one operation.
	operation string
	// rule is oasdiff's name for the kind of the change.
	rule, text string
}

// String returns the change as one line for a person.
func (c change) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s: %s [%s]", c.operation, c.text, c.rule))
}

// allowedBy reports whether an entry of the changelog names the operation and the
// rule, so that it allows this change and no later one.
func (c change) allowedBy(entry string) bool {
	return names(entry, c.rule) && names(entry, c.operation)
}

// breakingChanges returns the changes that may break clients of the released
// contract. Those that certainly do are the first.
func breakingChanges(released, current string) ([]change, error) {
	before, err := specification(released)
	if err != nil {
		return nil, err
	}
	after, err := specification(current)
	if err != nil {
		return nil, err
	}
	difference, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), before, after)
	if err != nil {
		return nil, fmt.Errorf("compare %s with %s: %w", current, released, err)
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

// notAllowed returns the changes that no entry of the changelog allows, without
// duplicates.
func notAllowed(changes []change, changelog string) []change {
	entries := breakingEntries(changelog)
	var left []change
	for _, each := range changes {
		if !slices.ContainsFunc(entries, each.allowedBy) && !slices.Contains(left, each) {
			left = append(left, each)
		}
	}
	return left
}

// names reports whether an entry has a whole name: "GET /users" is not in
// "GET /users/{id}". The empty name is in all.
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

// breakingEntries returns the entries under Unreleased that begin with "Breaking:",
// each as one line.
func breakingEntries(changelog string) []string {
	_, unreleased, found := strings.Cut(changelog, "\n## [Unreleased]")
	if !found {
		return nil
	}
	unreleased, _, _ = strings.Cut(unreleased, "\n## ")
	var entries []string
	inside := false
	for line := range strings.Lines(unreleased) {
		line = strings.TrimRight(line, "\n")
		entry, begins := strings.CutPrefix(line, "- ")
		switch {
		case begins:
			if inside = strings.HasPrefix(entry, "Breaking:"); inside {
				entries = append(entries, entry)
			}
		case !strings.HasPrefix(line, "  "):
			inside = false
		case inside:
			entries[len(entries)-1] += " " + strings.TrimSpace(line)
		}
	}
	return entries
}
