package main

import (
	"slices"

	"github.com/roster-directory/roster/cmd/roster/settings"
)

// globalOptions are the flags of all commands.
type globalOptions struct {
	settings.Log `group:"Log"`
}

// Help implements helper.
func (globalOptions) Help() string {
	return `Examples:

	roster serve    # on 127.0.0.1:3000, with an embedded PostgreSQL
	DATABASE_URL=postgres://user@host/roster roster serve`
}

// command is a command that runs, or a group of commands.
type command struct {
	name, help string
	hidden     bool

	config   documented // the flags that the commands of a group share
	commands []*command
	run      runner
}

// newCommands returns the root of the tree of commands.
func newCommands() *command {
	return &command{
		name: "roster", help: "A user directory service on PostgreSQL.", config: new(globalOptions),
		commands: slices.Concat(databaseCommands(), directoryCommands(), accessCommands(), programCommands()),
	}
}

// databaseCommands are about whole directories.
func databaseCommands() []*command {
	migration, engagement := new(migrateConfig), new(engagementConfig)
	return []*command{
		{name: "serve", help: "Serve the directory over HTTP.", run: new(serveCommand)},
		{name: "demo", help: "Serve a made-up directory to look at, which is removed at the end.", run: new(demoCommand)},
		{name: "migrate", help: "Migrate the database's schema.", config: migration, commands: []*command{
			{name: "up", help: "Apply all missing migrations.", run: &migrateUp{migration}},
			{name: "down", help: "Roll back the newest migration, which deletes the data in its columns and tables.", run: &migrateDown{migration}},
			{name: "redo", help: "Roll back the newest migration and apply it again.", run: &migrateRedo{migration}},
			{name: "status", help: "List the migrations and the times when they were applied.", run: &migrateStatus{migration}},
			{
				name: "verify", help: "Compare the schema with the expected one; the exit code is 1 if they differ.",
				run: &migrateVerify{migrateConfig: migration},
			},
		}},
		{name: "import", help: "Import a data set: a folder of NDJSON or CSV files.", run: new(importCommand)},
		{name: "export", help: "Export the directory as a data set.", run: new(exportCommand)},
		{name: "backup", help: "Back the database up to a file.", run: new(backupCommand)},
		{name: "restore", help: "Restore a backup into an empty database.", run: new(restoreCommand)},
		{name: "sample", help: "Generate a data set of any size.", run: new(sampleCommand)},
		{name: "engagement", help: "Check or rebuild the rollups of the engagement report.", config: engagement, commands: []*command{
			{name: "check", help: "Compare the rollups with the events; the exit code is 1 if they differ.", run: &engagementCheck{engagement}},
			{name: "rebuild", help: "Rebuild the rollups, while writes of events and memberships wait.", run: &engagementRebuild{engagement}},
		}},
	}
}

// directoryCommands are about people and organizations.
func directoryCommands() []*command {
	users, erased, organizations := new(usersConfig), new(erasedConfig), new(organizationsConfig)
	return []*command{
		{name: "users", help: "Find, show, add, suspend, restore, hold or export users.", config: users, commands: []*command{
			{name: "find", help: "Find users by words of their names and addresses.", run: &usersFind{usersConfig: users}},
			{name: "show", help: "Show a user and its organizations.", run: &usersShow{usersConfig: users}},
			{name: "add", help: "Add a user.", run: &usersAdd{usersConfig: users}},
			{name: "suspend", help: "Suspend a user.", run: &usersSuspend{usersConfig: users}},
			{name: "restore", help: "End the suspension of a user, or bring a deleted user back.", run: &usersRestore{usersConfig: users}},
			{name: "hold", help: "Keep a user from being erased.", run: &usersHold{usersConfig: users}},
			{name: "release", help: "End the hold of a user.", run: &usersRelease{usersConfig: users}},
			{name: "export", help: "Print everything that is kept of a user, a JSON object a line.", run: &usersExport{usersConfig: users}},
		}},
		{name: "erased", help: "Verify erasures.", config: erased, commands: []*command{
			{
				name: "verify", help: "Search every table for what was erased; the exit code is 1 if any is left.",
				run: &erasedVerify{erasedConfig: erased},
			},
		}},
		{name: "organizations", help: "List, show or add organizations, or list their members.", config: organizations, commands: []*command{
			{name: "list", help: "List the organizations.", run: &organizationsList{organizationsConfig: organizations}},
			{name: "show", help: "Show an organization and its plan.", run: &organizationsShow{organizationsConfig: organizations}},
			{name: "add", help: "Add an organization with its first owner.", run: &organizationsAdd{organizationsConfig: organizations}},
			{name: "members", help: "List the members of an organization.", run: &organizationsMembers{organizationsConfig: organizations}},
		}},
	}
}

// accessCommands are about callers, and those who are told of changes.
func accessCommands() []*command {
	key, hook, changes, token := new(keyConfig), new(webhookConfig), new(changelogConfig), new(tokenConfig)
	return []*command{
		{name: "key", help: "Make, list, replace or revoke API keys.", config: key, commands: []*command{
			{name: "create", help: "Make an API key and print its token.", run: &keyCreate{keyConfig: key}},
			{name: "list", help: "List the API keys.", run: &keyList{keyConfig: key}},
			{name: "rotate", help: "Replace an API key, and print the token of the new one.", run: &keyRotate{keyConfig: key}},
			{name: "revoke", help: "End an API key at once.", run: &keyRevoke{keyConfig: key}},
		}},
		{name: "webhook", help: "Make, list, test or delete webhooks.", config: hook, commands: []*command{
			{name: "create", help: "Make a webhook and print its secret.", run: &webhookCreate{webhookConfig: hook}},
			{name: "list", help: "List the webhooks.", run: &webhookList{webhookConfig: hook}},
			{name: "test", help: "Post a test to a webhook.", run: &webhookTest{webhookConfig: hook}},
			{name: "enable", help: "Begin attempts again where a webhook was disabled.", run: &webhookEnable{webhookConfig: hook}},
			{name: "replay", help: "Post the log to a webhook again, from its beginning.", run: &webhookReplay{webhookConfig: hook}},
			{name: "rotate", help: "Replace the secret of a webhook, and print the new one.", run: &webhookRotate{webhookConfig: hook}},
			{name: "delete", help: "Delete a webhook.", run: &webhookDelete{webhookConfig: hook}},
		}},
		{name: "log", help: "List, follow or verify the log of changes.", config: changes, commands: []*command{
			{name: "list", help: "List changes, the newest first.", run: &changelogList{changelogConfig: changes}},
			{name: "follow", help: "Print changes as they are made.", run: &changelogFollow{changelogConfig: changes}},
			{
				name: "verify", help: "Compare the log with its seals; the exit code is 1 if somebody changed it.",
				run: &changelogVerify{changelogConfig: changes},
			},
		}},
		{name: "token", help: "Explain access tokens.", config: token, commands: []*command{
			{name: "explain", help: "Say step by step why an access token is refused, or who it is.", run: &tokenExplain{tokenConfig: token}},
		}},
	}
}

// programCommands are about this program.
func programCommands() []*command {
	return []*command{
		{name: "config", help: "Print the settings in force and their sources.", run: new(configCommand)},
		{name: "version", help: "Print the version, the commit and the Go release of this program.", run: new(versionCommand)},
		{name: "completion", help: "Print a script that completes commands and flags in a shell.", run: new(completionCommand)},
		{name: helpName, help: "Show the help of roster, or of a command.", config: new(helpConfig)},
		{name: "docs", help: "Print docs/configuration.md.", hidden: true, run: new(docsCommand)},
	}
}

// visible returns the names of the group's commands.
func (c *command) visible() []string {
	var names []string
	for _, inner := range c.commands {
		if !inner.hidden {
			names = append(names, inner.name)
		}
	}
	return names
}

// variables returns the environment variables of all commands.
func (c *command) variables() []string {
	var all []string
	for _, inner := range c.commands {
		all = append(all, inner.variables()...)
	}
	for _, f := range flagsOf(c.own()) {
		all = append(all, f.Variable)
	}
	return all
}

// own is the struct whose fields are the command's own flags.
func (c *command) own() documented {
	if c.run != nil {
		return c.run
	}
	return c.config
}
