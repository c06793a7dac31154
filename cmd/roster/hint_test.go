package main

import (
	"strings"
	"testing"
)

func TestPeopleWhoStartRosterReadHowToMakeAKey(t *testing.T) {
	t.Parallel()
	database := "DATABASE_URL=" + migrated.Database(t)
	const open, closed = "Everybody on this machine is an administrator", "To make an API key"
	const create = "roster key create --name NAME --scope "
	for _, each := range []struct {
		settings      []string
		has, hasNever string
	}{
		{[]string{"ROSTER_LOG_FORMAT=text"}, open, closed},
		{[]string{"ROSTER_LOG_FORMAT=text", "ROSTER_AUTH=token"}, closed, open},
		{[]string{"ROSTER_LOG_FORMAT=text", "ROSTER_INSECURE=yes", "ROSTER_ADDR=0.0.0.0:0"}, "To let in only those with a key", open},
		{[]string{"ROSTER_LOG_FORMAT=json"}, "Roster serves", create},
	} {
		i := launch(t, append([]string{database}, each.settings...)...)
		i.awaitLog("Roster serves")
		i.stop()
		log := i.log.String()
		if !strings.Contains(log, each.has) || strings.Contains(log, each.hasNever) {
			t.Errorf("%v: the log is\n%s", each.settings, log)
		}
		if text := each.settings[0] == "ROSTER_LOG_FORMAT=text"; text != (strings.Count(log, create) == 1) {
			t.Errorf("%v: the log has %d hints:\n%s", each.settings, strings.Count(log, create), log)
		}
	}
}

func TestTheHintNamesTheProgramAndTheFolderAsTheyWereTyped(t *testing.T) {
	t.Parallel()
	command := new(serveCommand)
	s := &session{process: process{program: "bin/roster"}, flags: flagsOf(command)}
	for _, f := range s.flags {
		if f.Variable == "ROSTER_DATA" {
			if err := f.SetArgument("/srv/data"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := s.keyHint(command.HTTP); !strings.Contains(got, "bin/roster key create --name NAME --scope admin --data /srv/data,") {
		t.Error(got)
	}
}
