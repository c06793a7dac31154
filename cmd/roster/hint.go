package main

import (
	"strings"

	"github.com/roster-directory/roster/cmd/roster/flags"
	"github.com/roster-directory/roster/cmd/roster/settings"
)

// keyHint tells people who start Roster who may call it, and how to make a key.
func (s *session) keyHint(config settings.HTTP) string {
	create := s.typed() + " key create --name NAME --scope "
	if config.Auth == "token" {
		return "To make an API key: " + create + "read" + s.sameDatabase()
	}
	hint := "To let in only those with a key: " + create + "admin" + s.sameDatabase() + ", then start with ROSTER_AUTH=token"
	if config.Insecure { // a warning has said who gets in
		return hint
	}
	return "Everybody on this machine is an administrator. " + hint
}

// typed is the name of the program as a shell finds it.
func (s *session) typed() string {
	if strings.Contains(s.program, "/") {
		return s.program
	}
	return "roster"
}

// sameDatabase are the flags that another command needs to use the same database. Those
// that are variables it has, too.
func (s *session) sameDatabase() string {
	text := ""
	for _, f := range s.flags {
		switch {
		case f.Origin != flags.FromFlag:
		case f.Variable == "ROSTER_DATA":
			text += " --data " + f.Value().(string)
		case f.Variable == "DATABASE_URL": // it may have a password
			text += " --database-url …"
		}
	}
	return text
}
