package main

import (
	"errors"
	"os/exec"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

func TestTheCommandLine(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, noLimits()...)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"database": func(ts *testscript.TestScript, _ bool, args []string) { setDatabase(t, ts, args) },
			"sql":      func(ts *testscript.TestScript, _ bool, args []string) { runSQL(t, ts, args) },
			"status":   expectStatus,
		},
	})
}

// setDatabase sets DATABASE_URL to a new database: "database migrated" or
// "database empty".
func setDatabase(t *testing.T, ts *testscript.TestScript, args []string) {
	templates := map[string]*pgtest.Template{"migrated": migrated, "empty": empty}
	if len(args) != 1 || templates[args[0]] == nil {
		ts.Fatalf("usage: database migrated|empty")
	}
	ts.Setenv("DATABASE_URL", templates[args[0]].Database(t))
}

// runSQL runs statements on the database of DATABASE_URL: "sql 'DROP TABLE …'".
func runSQL(t *testing.T, ts *testscript.TestScript, args []string) {
	connection, err := pgx.Connect(t.Context(), ts.Getenv("DATABASE_URL"))
	if err != nil {
		ts.Fatalf("%v", err)
	}
	defer connection.Close(t.Context())
	for _, statement := range args {
		if _, err := connection.Exec(t.Context(), statement); err != nil {
			ts.Fatalf("%s: %v", statement, err)
		}
	}
}

// expectStatus runs a program that must end with the exit code: "status 2
// roster serve".
func expectStatus(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("usage: status CODE PROGRAM ARGUMENT...")
	}
	err = ts.Exec(args[1], args[2:]...)
	code := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if code != want {
		ts.Fatalf("the exit code of %v is %d, not %d", args[1:], code, want)
	}
}
