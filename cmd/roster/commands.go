package main

import (
	"strings"

	"github.com/roster-directory/roster/cmd/roster/flags"
	"github.com/roster-directory/roster/cmd/roster/settings"
)

// everyCommand is what all commands heed.
type everyCommand struct {
	settings.Log `group:"Log"`
}

// Help implements helper.
func (everyCommand) Help() string {
	return `	roster serve                                             # on 127.0.0.1:3000, with a PostgreSQL of its own
	DATABASE_URL=postgres://user@host/roster roster serve    # or on yours`
}

// command is a word of the command line: one that runs, or one with others
// below it.
type command struct {
	name, help string
	hidden     bool

	config   helper // what the commands below share
	commands []*command
	run      runner
}

// newCommands returns the root of all.
func newCommands() *command {
	every, migration, sums := new(everyCommand), new(migrateConfig), new(engagementConfig)
	return &command{name: "roster", help: "A user directory service on PostgreSQL.", config: every, commands: []*command{
		{name: "serve", help: "Serve the directory over HTTP.", run: new(serveCommand)},
		{name: "migrate", help: "Bring the database's schema up or down.", config: migration, commands: []*command{
			{name: "up", help: "Apply the migrations that are not applied yet.", run: &migrateUp{migration}},
			{name: "down", help: "Take back the newest migration, and the data that only it has room for.", run: &migrateDown{migration}},
			{name: "redo", help: "Take back the newest migration and apply it again.", run: &migrateRedo{migration}},
			{name: "status", help: "List the migrations, and when each was applied.", run: &migrateStatus{migration}},
		}},
		{name: "import", help: "Take a data set in: a folder of NDJSON or CSV files.", run: new(importCommand)},
		{name: "export", help: "Write the directory out as a data set.", run: new(exportCommand)},
		{name: "sample", help: "Make up a data set of any size.", run: new(sampleCommand)},
		{name: "engagement", help: "Check the sums of the engagement report, or sum anew.", config: sums, commands: []*command{
			{name: "check", help: "Compare the sums with the events: exit code 1 where they differ.", run: &engagementCheck{sums}},
			{name: "rebuild", help: "Sum all events anew; writers of events and members wait.", run: &engagementRebuild{sums}},
		}},
		{name: "config", help: "Print the settings in force, and where each comes from.", run: new(configCommand)},
		{name: "version", help: "Print what this program was built from.", run: new(versionCommand)},
		{name: "docs", help: "Print the table of settings for the documentation.", hidden: true, run: new(docsCommand)},
	}}
}

// visible are the names of the commands below.
func (c *command) visible() []string {
	var names []string
	for _, inner := range c.commands {
		if !inner.hidden {
			names = append(names, inner.name)
		}
	}
	return names
}

func (c *command) names() string { return strings.Join(c.visible(), ", ") }

// variables are those of the environment that some command heeds.
func (c *command) variables() []string {
	var all []string
	for _, inner := range c.commands {
		all = append(all, inner.variables()...)
	}
	for _, f := range flags.Of(c.own()) {
		all = append(all, f.Variable)
	}
	return all
}

// own is the struct whose fields are the command's own flags.
func (c *command) own() helper {
	if c.run != nil {
		return c.run
	}
	return c.config
}
