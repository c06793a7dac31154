package main

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// environment gives flags that are not typed the values of their variables. It
// stands in for Kong's own reading of the process's environment, which no test
// could replace, and which takes an empty variable for a value.
type environment struct {
	values map[string]string
	faults []error
}

func newEnvironment(environ []string) *environment {
	env := &environment{values: map[string]string{}}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if value != "" {
			env.values[name] = value
		}
	}
	return env
}

// Validate implements kong.Resolver.
func (*environment) Validate(*kong.Application) error { return nil }

// Resolve implements kong.Resolver. A value that the flag can't take is noted
// as a fault, since Kong's own error would not name the variable.
func (e *environment) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		value, set := e.values[name]
		if !set {
			continue
		}
		scratch := reflect.New(flag.Target.Type()).Elem()
		scan := kong.Scan().PushTyped(value, kong.FlagValueToken)
		if err := flag.Mapper.Decode(&kong.DecodeContext{Value: flag.Value, Scan: scan}, scratch); err != nil {
			e.faults = append(e.faults, fmt.Errorf("%s=%q: %w", name, value, err))
			continue
		}
		return value, nil
	}
	return nil, nil
}

// wrong returns what is wrong with the variables' values.
func (e *environment) wrong() error { return errors.Join(e.faults...) }

// unknown warns of variables that look like Roster's and are none.
func (e *environment) unknown(model *kong.Application) []string {
	var known []string
	_ = kong.Visit(model, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			known = append(known, flag.Envs...)
		}
		return next(nil)
	})
	var warnings []string
	for name := range e.values {
		if strings.HasPrefix(name, "ROSTER_") && !strings.HasPrefix(name, "ROSTER_TEST_") && !slices.Contains(known, name) {
			warnings = append(warnings, fmt.Sprintf("the environment variable %s is unknown and has no effect; did you mean %s?", name, nearest(name, known)))
		}
	}
	slices.Sort(warnings)
	return warnings
}

// nearest returns the candidate that takes the fewest edits to write.
func nearest(word string, candidates []string) string {
	return slices.MinFunc(candidates, func(a, b string) int { return edits(word, a) - edits(word, b) })
}

// edits counts the letters to insert, delete or replace (Levenshtein).
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// hideVariables keeps Kong from the process's environment.
func hideVariables(node *kong.Node) {
	for _, flag := range node.Flags {
		flag.Tag.Envs = nil
	}
	for _, child := range node.Children {
		hideVariables(child)
	}
}

// describeFlag is a flag's line of help.
func describeFlag(value *kong.Value) string {
	if value.Flag == nil || len(value.Flag.Envs) == 0 {
		return value.Help
	}
	return fmt.Sprintf("%s [$%s]", value.Help, value.Flag.Envs[0])
}
