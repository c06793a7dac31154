package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// backedUp returns a database with some users, and a backup of it.
func backedUp(t *testing.T) (url, file string) {
	t.Helper()
	url, folder := migrated.Database(t), t.TempDir()
	people := filepath.Join(folder, "people")
	file = filepath.Join(folder, "roster.backup")
	mustRun(t, url, "sample", people, "--users", "50", "--events", "100")
	mustRun(t, url, "import", people)
	if out := mustRun(t, url, "backup", file); !strings.Contains(out, "50  users\n") || !strings.Contains(out, "100  events\n") {
		t.Fatalf("roster backup says %s", out)
	}
	return url, file
}

// restores reports the exit code of a restore, and what it says.
func restores(t *testing.T, url, file string) (code int, says string) {
	t.Helper()
	code, out, problems := roster(t, []string{"DATABASE_URL=" + url}, "restore", "--verify", file)
	return code, out + problems
}

func schemas(t *testing.T, url string) int {
	t.Helper()
	return query[int](t, url, "SELECT count(*) FROM pg_namespace WHERE nspname = 'roster'")
}

func TestABackupIsRestoredAsItWas(t *testing.T) {
	t.Parallel()
	source, file := backedUp(t)
	if code, says := restores(t, source, file); code != exitFailed || !strings.Contains(says, "never overwrites") {
		t.Errorf("over the source it ends with %d: %s", code, says)
	}
	target := empty.Database(t)
	if code, says := restores(t, target, file); code != exitDone || !strings.Contains(says, "as its checksum says") {
		t.Fatalf("it ends with %d: %s", code, says)
	}
	if got := mustRun(t, target, "engagement", "check"); !strings.Contains(got, "the rollups are right") {
		t.Errorf("the rollups: %s", got)
	}
	again := filepath.Join(t.TempDir(), "again.backup")
	mustRun(t, target, "backup", again)
	if code, says := restores(t, empty.Database(t), again); code != exitDone {
		t.Errorf("a backup of the restored database: %d: %s", code, says)
	}
	code, _, problems := roster(t, []string{"DATABASE_URL=" + source}, "backup", file)
	if code != exitFailed || !strings.Contains(problems, "exists") {
		t.Errorf("a backup over another one ends with %d: %s", code, problems)
	}
}

func TestADamagedBackupRestoresNothing(t *testing.T) {
	t.Parallel()
	_, file := backedUp(t)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	target := empty.Database(t)
	damaged := filepath.Join(t.TempDir(), "damaged.backup")
	try := func(what string, content []byte) {
		t.Helper()
		if err := os.WriteFile(damaged, content, 0o600); err != nil {
			t.Fatal(err)
		}
		code, says := restores(t, target, damaged)
		if code != exitUsage || !strings.Contains(says, "is cut off") && !strings.Contains(says, "is damaged") {
			t.Errorf("%s: it ends with %d: %s", what, code, says)
		}
	}
	for _, length := range []int{0, 1, 47, 48, len(whole) / 2, len(whole) - 1} {
		try("cut off", whole[:length])
	}
	for _, at := range []int{0, 5, len(whole) / 3, len(whole) - 60, len(whole) - 40, len(whole) - 12, len(whole) - 1} {
		flipped := bytes.Clone(whole)
		flipped[at] ^= 1
		try("flipped", flipped)
	}
	try("longer", append(bytes.Clone(whole), 0))
	if schemas(t, target) != 0 {
		t.Error("something is restored")
	}
	if code, says := restores(t, target, file); code != exitDone {
		t.Errorf("the whole file then: %d: %s", code, says)
	}
}

// waitInTheMiddle makes a restore wait, after its tables are full, for a lock that the
// returned function gives free.
func waitInTheMiddle(t *testing.T, url string) (release func()) {
	t.Helper()
	holder := pgtest.Connect(t, url)
	pgtest.Execute(t, holder, "SELECT pg_advisory_lock(1)",
		`CREATE FUNCTION wait() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(1); END $$`,
		"CREATE EVENT TRIGGER wait ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION wait()")
	return func() { pgtest.Execute(t, holder, "SELECT pg_advisory_unlock_all()") }
}

func TestARestoreThatIsKilledCanBeRepeated(t *testing.T) {
	t.Parallel()
	_, file := backedUp(t)
	target := empty.Database(t)
	release := waitInTheMiddle(t, target)
	command := exec.Command("roster", "restore", file)
	command.Env = append(append(os.Environ(), noLimits()...), "DATABASE_URL="+target)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	pgtest.Eventually(t, "the middle of the restore", func() bool {
		return query[int](t, target, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"+
			" AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") > 0
	})
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait() // the error: it was killed
	release()
	pgtest.Eventually(t, "the end of the killed restore", func() bool {
		return query[int](t, target, "SELECT count(*) FROM pg_stat_activity"+
			" WHERE datname = current_database() AND application_name LIKE 'pg_restore%'") == 0
	})
	if schemas(t, target) != 0 {
		t.Fatal("it is restored, or a part of it")
	}
	if code, says := restores(t, target, file); code != exitDone {
		t.Errorf("the second restore ends with %d: %s", code, says)
	}
}

func TestADatabaseThatDiffersFromItsBackupIsNamed(t *testing.T) {
	t.Parallel()
	_, file := backedUp(t)
	target := empty.Database(t)
	// A trigger of the database changes a row while it is restored.
	pgtest.Execute(t, pgtest.Connect(t, target),
		`CREATE FUNCTION change() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
			IF EXISTS (SELECT FROM roster.plans) THEN UPDATE roster.plans SET name = 'changed'; DELETE FROM roster.secrets; END IF; END $$`,
		"CREATE EVENT TRIGGER change ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION change()")
	code, says := restores(t, target, file)
	if code != exitFailed || !strings.Contains(says, "plans has other rows") {
		t.Errorf("it ends with %d: %s", code, says)
	}
}

func TestABackupOfANewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	file := filepath.Join(t.TempDir(), "roster.backup")
	pgtest.Execute(t, pgtest.Connect(t, url), "INSERT INTO roster.schema_migrations (version_id, is_applied) VALUES (99999, true)")
	mustRun(t, url, "backup", file)
	target := empty.Database(t)
	code, says := restores(t, target, file)
	if code != exitFailed || !strings.Contains(says, "has the schema 99999") || schemas(t, target) != 0 {
		t.Errorf("it ends with %d: %s", code, says)
	}
}

func TestABackupOfANewerPostgreSQLIsRefused(t *testing.T) {
	t.Parallel()
	_, file := backedUp(t)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// The trailer is the SHA-256 of the manifest, its size and eight letters.
	trailer := len(whole) - 48
	begin := trailer - int(binary.BigEndian.Uint64(whole[trailer+32:]))
	manifest := regexp.MustCompile(`"major": \d+`).ReplaceAll(whole[begin:trailer], []byte(`"major": 99`))
	sum := sha256.Sum256(manifest)
	size := binary.BigEndian.AppendUint64(nil, uint64(len(manifest)))
	if err := os.WriteFile(file, slices.Concat(whole[:begin], manifest, sum[:], size, whole[len(whole)-8:]), 0o600); err != nil {
		t.Fatal(err)
	}
	target := empty.Database(t)
	code, says := restores(t, target, file)
	if code != exitFailed || !strings.Contains(says, "restore into PostgreSQL 99 or later") || schemas(t, target) != 0 {
		t.Errorf("it ends with %d: %s", code, says)
	}
}

func TestWithoutTheProgramsABackupSaysWhatToInstall(t *testing.T) {
	t.Parallel()
	url, file := backedUp(t)
	environ := []string{"DATABASE_URL=" + url, "ROSTER_PG_BIN=" + t.TempDir()}
	for _, arguments := range [][]string{{"backup", file + "2"}, {"restore", file, "--database-url", empty.Database(t)}} {
		code, _, problems := roster(t, environ, arguments...)
		if code != exitFailed || !strings.Contains(problems, "install postgresql-client-") || !strings.Contains(problems, "ROSTER_PG_BIN") {
			t.Errorf("%v ends with %d: %s", arguments, code, problems)
		}
	}
	left, err := filepath.Glob(file + "2*")
	if err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
	if code, _, problems := roster(t, []string{"DATABASE_URL=" + empty.Database(t)}, "backup", file+"2"); code != exitFailed ||
		!strings.Contains(problems, "nothing to back up") {
		t.Errorf("without a schema: %d: %s", code, problems)
	}
}

func TestBackupsWorkBesideAServerWithAnEmbeddedDatabase(t *testing.T) {
	t.Parallel()
	settings := append(embeddedServer(t), noLimits()...)
	i := serve(t, settings...)
	i.expect(201, "POST", "/users", createAda)
	file := filepath.Join(t.TempDir(), "roster.backup")
	if code, out, problems := roster(t, settings, "backup", file); code != exitDone || !strings.Contains(out, "1  users\n") {
		t.Fatalf("the backup ends with %d: %s%s", code, out, problems)
	}
	if code, _, problems := roster(t, settings, "restore", file); code != exitFailed || !strings.Contains(problems, "ROSTER_DATA") {
		t.Errorf("a restore over the server's data ends with %d: %s", code, problems)
	}
	other := append(embeddedServer(t), noLimits()...)
	if code, out, problems := roster(t, other, "restore", "--verify", file); code != exitDone {
		t.Fatalf("the restore ends with %d: %s%s", code, out, problems)
	}
	restored := serve(t, other...)
	if got := restored.expect(200, "GET", "/users", ""); !strings.Contains(got.body, `"ada"`) {
		t.Errorf("the users are %s", got.body)
	}
}
