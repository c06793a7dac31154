package main

import (
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

//go:generate sh -c "go run . docs > ../../docs/configuration.md"

// docsCommand prints docs/configuration.md.
type docsCommand struct{}

// Run prints the page.
func (docsCommand) Run(s *session, parsed *kong.Context) error {
	return writeReference(s.stdout, parsed.Model)
}

const referenceHead = `# Configuration

Every setting is an environment variable and a flag; the flag wins. An empty
variable counts as not set. Durations are written as in 500ms, 30s or 1h30m,
lists with commas, switches as yes or no. ` + "`roster config`" + ` prints what is in
force, and where each value comes from. An unknown variable that starts with
ROSTER_ is warned of.

This page is generated from the settings' declarations: ` + "`go generate ./cmd/roster`" + `.
`

// writeReference writes the documentation of all settings as Markdown.
func writeReference(w io.Writer, model *kong.Application) error {
	at := slices.IndexFunc(model.Children, func(n *kong.Node) bool { return n.Name == "config" })
	page := referenceHead
	group := ""
	for _, one := range inForce(model.Children[at], nil) {
		if title := groupTitle(one.flag); title != group {
			group = title
			page += "\n## " + title + "\n\n| variable | flag | default | meaning |\n|---|---|---|---|\n"
		}
		page += "| " + strings.Join([]string{code(one.Variable), code(flagName(one.flag)), code(one.flag.Default), cell(one.flag.Help)}, " | ") + " |\n"
	}
	return printf(w, "%s", page)
}

func groupTitle(flag *kong.Flag) string {
	if flag.Group == nil {
		return "General"
	}
	return flag.Group.Title
}

func flagName(flag *kong.Flag) string {
	if flag.Tag.Negatable != "" {
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
