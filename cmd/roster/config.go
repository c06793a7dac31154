package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/alecthomas/kong"

	"github.com/roster-directory/roster/cmd/roster/settings"
)

// configCommand prints the settings in force.
type configCommand struct {
	settings.Config

	JSON bool `name:"json" help:"Print JSON: a list of objects with variable, flag, value and source."`
}

// Help implements kong.HelpProvider.
func (configCommand) Help() string {
	return `Passwords are hidden. The exit code is 2 where roster serve would refuse the settings.

Examples:

	roster config
	ROSTER_ADDR=127.0.0.1:8080 roster config --json`
}

// Run prints the settings.
func (c *configCommand) Run(s *session, parsed *kong.Context, from provenance) error {
	all := inForce(parsed.Selected(), from)
	if err := c.print(s, all); err != nil {
		return err
	}
	if err := c.Check(); err != nil {
		return &misuseError{err}
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

// setting is one of the settings, and what is in force.
type setting struct {
	Variable string `json:"variable"`
	Flag     string `json:"flag"`
	Value    string `json:"value"`
	Source   origin `json:"source"`

	flag *kong.Flag
}

// inForce lists the settings of a command in the order of their declaration.
func inForce(command *kong.Node, from provenance) []setting {
	var all []setting
	for _, flag := range slices.Concat(command.AllFlags(true)...) {
		if len(flag.Envs) == 0 {
			continue
		}
		all = append(all, setting{
			Variable: flag.Envs[0], Flag: "--" + flag.Name, Value: display(flag), Source: from.of(flag), flag: flag,
		})
	}
	return all
}

// display writes a value as it would be set, without secrets.
func display(flag *kong.Flag) string {
	switch value := flag.Target.Interface().(type) {
	case bool:
		if value {
			return "yes"
		}
		return "no"
	case time.Duration:
		return shortDuration(value)
	case []string:
		return strings.Join(value, ",")
	case string:
		switch flag.Tag.Get("redact") {
		case "url":
			return settings.Redact(value)
		case "all":
			return strings.Repeat("*", min(len(value), 8))
		}
		return value
	default:
		return fmt.Sprint(reflect.ValueOf(value).Interface())
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
