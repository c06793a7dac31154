package main

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/cmd/roster/settings"
)

// changed is an address with something else.
func changed(t *testing.T, address string, change func(*url.URL)) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	change(u)
	return u.String()
}

func TestWhatTimeDoesNotEndIsAnErrorAtOnceWithTheFix(t *testing.T) {
	t.Parallel()
	address := empty.Database(t)
	conn := pgtest.Connect(t, address)
	name := conn.Config().Database
	pgtest.Execute(t, conn, "CREATE DATABASE "+name+"_latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
	defer pgtest.Execute(t, conn, "DROP DATABASE "+name+"_latin WITH (FORCE)")
	for fault, c := range map[string]struct {
		change func(*url.URL)
		want   []string
	}{
		"a wrong password": {
			func(u *url.URL) { u.User = url.UserPassword("postgres", "s3cret") },
			[]string{"password authentication failed", "check the user"},
		},
		"an unknown database": {func(u *url.URL) { u.Path = "/no_such_database" }, []string{"no_such_database", "create the database"}},
		"another encoding":    {func(u *url.URL) { u.Path = "/" + name + "_latin" }, []string{"LATIN1", "UTF8"}},
	} {
		i := launch(t, "DATABASE_URL="+changed(t, address, c.change))
		if code := i.wait(); code != exitFailed {
			t.Errorf("%s: the exit code is %d", fault, code)
		}
		for _, part := range c.want {
			if !strings.Contains(i.log.String(), part) {
				t.Errorf("%s: %q is not in the log:\n%s", fault, part, i.log)
			}
		}
		for _, part := range []string{"s3cret", "does not answer", "Waiting"} {
			if strings.Contains(i.log.String(), part) {
				t.Errorf("%s: %q is in the log:\n%s", fault, part, i.log)
			}
		}
	}
}

func TestAllCommandsWaitForTheDatabase(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	// Long enough for a first attempt, which is refused at once, on any machine.
	environ := append(noLimits(), "DATABASE_URL=postgres://u:p@127.0.0.1:1/d", "ROSTER_DATABASE_WAIT=3s")
	for _, args := range [][]string{
		{"migrate", "up"},
		{"migrate", "down"},
		{"migrate", "status"},
		{"import", folder},
		{"export", folder + "/out"},
		{"engagement", "check"},
		{"engagement", "rebuild"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			code, _, problems := roster(t, environ, args...)
			waited := strings.Contains(problems, "Waiting for the database") && strings.Contains(problems, "did not answer within 3s")
			if code == exitDone || !waited {
				t.Errorf("%v ended with %d:\n%s", args, code, problems)
			}
		})
	}
}

func TestVariablesOfLibpqAreNamed(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+migrated.Database(t), "PGHOST=192.0.2.1", "PGSERVICE=none")
	i.awaitLog("Roster does not read PGHOST, PGSERVICE: the address of the database is DATABASE_URL alone")
}

func TestARoleWithFewConnectionsStartsAndServes(t *testing.T) {
	t.Parallel()
	address := empty.Database(t)
	conn := pgtest.Connect(t, address)
	name := conn.Config().Database
	role := "few_" + name
	pgtest.Execute(t, conn, "CREATE ROLE "+role+" LOGIN PASSWORD 'few' CONNECTION LIMIT 1", "GRANT ALL ON DATABASE "+name+" TO "+role)
	defer pgtest.Execute(t, conn, "DROP OWNED BY "+role, "DROP ROLE "+role)
	i := serve(t, "DATABASE_URL="+changed(t, address, func(u *url.URL) { u.User = url.UserPassword(role, "few") }), "ROSTER_COALESCE=off")
	responses := together(t, 40, func(n int) (response, error) { return i.send("POST", "/users", createUser(fmt.Sprintf("u%d", n))) })
	if count := byStatus(responses); count[201] != 40 {
		t.Errorf("the responses by status are %v", count)
	}
	i.stop()
}

func TestAPortThatIsNotToBeHadIsExplained(t *testing.T) {
	t.Parallel()
	for cause, want := range map[error]string{
		syscall.EACCES:        "may not listen there",
		syscall.EADDRINUSE:    "stop the program",
		syscall.EADDRNOTAVAIL: "none of this machine's",
	} {
		for _, config := range []settings.HTTP{{Port: 81}, {Addr: "127.0.0.1:81"}} {
			text := listenError(config, cause).Error()
			name, _, _ := strings.Cut(text, ":")
			if !strings.Contains(text, want) || !slices.Contains([]string{"PORT", "ROSTER_ADDR"}, name) || (name == "PORT") != (config.Addr == "") {
				t.Errorf("%v: %s", cause, text)
			}
		}
	}
}
