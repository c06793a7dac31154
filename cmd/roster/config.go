package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/roster-directory/roster/cmd/roster/flags"
	"github.com/roster-directory/roster/cmd/roster/settings"
)

// configCommand prints the settings in force.
type configCommand struct {
	settings.Config

	JSON bool `name:"json" help:"Print a JSON array of objects with variable, flag, value and source."`
}

// Help implements runner.
func (configCommand) Help() string {
	return `Prints each setting with its value and its source, and hides secrets. The exit
code is 2 if roster serve would refuse the settings.

Examples:

	roster config
	ROSTER_ADDR=127.0.0.1:8080 roster config --json`
}

// Run prints the settings.
func (c *configCommand) Run(_ context.Context, s *session) error {
	all := inForce(s.flags)
	if err := c.print(s, all); err != nil {
		return err
	}
	if err := c.Check(); err != nil {
		return &usageError{err}
	}
	return nil
}

func (c *configCommand) print(s *session, all []setting) error {
	if c.JSON {
		encoder := json.NewEncoder(s.stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(all)
	}
	table := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
	for _, one := range all {
		if err := printf(table, "%s\t%s\t%s\n", one.Variable, one.Value, one.Source); err != nil {
			return err
		}
	}
	return table.Flush()
}

// setting is a setting with its value.
type setting struct {
	Variable string       `json:"variable"`
	Flag     string       `json:"flag"`
	Value    string       `json:"value"`
	Source   flags.Origin `json:"source"`
}

// inForce returns the flags that are settings, in the order of their declaration.
func inForce(all []*flags.Flag) []setting {
	var found []setting
	for _, flag := range all {
		if flag.Variable != "" {
			found = append(found, setting{Variable: flag.Variable, Flag: "--" + flag.Name, Value: display(flag), Source: flag.Origin})
		}
	}
	return found
}

// display writes a value as it would be typed, without secrets.
func display(flag *flags.Flag) string {
	switch value := flag.Value().(type) {
	case bool:
		if value {
			return "yes"
		}
		return "no"
	case time.Duration:
		return shortDuration(value)
	case []string:
		shown := slices.Clone(value)
		for i := range shown {
			if flag.Redact == "url" {
				shown[i] = settings.Redact(shown[i])
			}
		}
		return strings.Join(shown, ",")
	case string:
		switch flag.Redact {
		case "url":
			return settings.Redact(value)
		case "all":
			return strings.Repeat("*", min(len(value), 8))
		}
		return value
	default:
		return fmt.Sprint(value)
	}
}

// shortDuration leaves out the zero minutes and seconds that String writes.
func shortDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
