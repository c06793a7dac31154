package main

import (
	"cmp"
	"context"
	"io"
	"strings"

	"github.com/roster-directory/roster/cmd/roster/flags"
	"github.com/roster-directory/roster/cmd/roster/settings"
)

//go:generate sh -c "go run . docs > ../../docs/configuration.md"

// docsCommand prints docs/configuration.md.
type docsCommand struct{}

// Help implements runner.
func (docsCommand) Help() string { return "Examples:\n\n\troster docs" }

// Run prints the page.
func (docsCommand) Run(_ context.Context, s *session) error {
	all := append(flagsOf(new(globalOptions)), flags.Of(new(settings.Config), settings.Help)...)
	return writeReference(s.stdout, all)
}

const referenceHead = `# Configuration

Every setting is an environment variable and a flag; the flag wins. An empty
variable counts as not set. Durations are written as in 500ms, 30s or 1h30m,
lists with commas, switches as yes or no. ` + "`roster config`" + ` prints the settings
in force and their sources. An unknown variable that begins with ROSTER_ causes a
warning.

This page is generated from the declarations of the settings: ` + "`go generate ./cmd/roster`" + `.
`

// writeReference writes the documentation of all settings as Markdown.
func writeReference(w io.Writer, all []*flags.Flag) error {
	page := referenceHead
	group := ""
	for _, flag := range all {
		if title := cmp.Or(flag.Group, "General"); title != group {
			group = title
			page += "\n## " + title + "\n\n| variable | flag | default | meaning |\n|---|---|---|---|\n"
		}
		page += "| " + strings.Join([]string{code(flag.Variable), code(flagName(flag)), code(flag.Default), cell(flag.Help)}, " | ") + " |\n"
	}
	return printf(w, "%s", page)
}

func flagName(flag *flags.Flag) string {
	if flag.Negatable {
		return "--[no-]" + flag.Name
	}
	return "--" + flag.Name
}

func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

func cell(text string) string { return strings.ReplaceAll(text, "|", "\\|") }
