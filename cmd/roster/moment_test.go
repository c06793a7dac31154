package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/postgres/backup"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// TestAMomentIsRestored restores the directory to a moment from a base backup and the
// archived log, ROSTER_TEST_RESTORES times or once. Every table must be as it was then.
// Readers of changes that were lost must be refused, and others must go on.
func TestAMomentIsRestored(t *testing.T) {
	t.Parallel()
	rounds := countOf(t, "restores", "ROSTER_TEST_RESTORES", 1)
	w := newArchivedWorld(t)
	for round := 1; round <= rounds; round++ {
		w.restore(t, round)
	}
}

// archivedWorld is a served directory whose database archives its log.
type archivedWorld struct {
	source   *pgtest.Server
	url      string
	archive  string
	instance *instance
	users    int
}

func newArchivedWorld(t *testing.T) *archivedWorld {
	t.Helper()
	archive, err := os.MkdirTemp("", "roster-archive-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(archive); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(archive, 0o777); err != nil { // PostgreSQL may run as another user
		t.Fatal(err)
	}
	w := &archivedWorld{archive: archive}
	w.source = pgtest.StartServer(t, func(o *embedded.Options) {
		o.Settings["archive_mode"] = "on"
		o.Settings["archive_command"] = fmt.Sprintf(`test ! -f "%[1]s/%%f" && cp %%p "%[1]s/%%f"`, archive)
	})
	w.url = w.source.URL("roster")
	people := filepath.Join(t.TempDir(), "people")
	mustRun(t, w.url, "migrate", "up")
	mustRun(t, w.url, "sample", people, "--users", "200", "--events", "500")
	mustRun(t, w.url, "import", people)
	w.instance = serve(t, "DATABASE_URL="+w.url)
	return w
}

// write adds users, and replaces and erases some of them.
func (w *archivedWorld) write(t *testing.T, i *instance, n int) {
	t.Helper()
	for range n {
		w.users++
		name := fmt.Sprintf("u%d", w.users)
		created := userIn(i.expect(201, "POST", "/users", createUser(name)))
		switch w.users % 3 {
		case 0:
			i.expect(200, "PUT", "/users/"+created.ID, createUser(name+"x"))
		case 1:
			i.expect(204, "DELETE", "/users/"+created.ID, "")
		}
	}
}

// follow reads the changes up to the last, and returns the path of the next page and the
// number of changes that it has read.
func follow(t *testing.T, i *instance, path string) (after string, read int) {
	t.Helper()
	for {
		page := i.expect(200, "GET", path, "")
		n := len(listIn(t, page))
		read, path = read+n, next(page)
		if n == 0 {
			return path, read
		}
	}
}

func (w *archivedWorld) restore(t *testing.T, round int) {
	t.Helper()
	copied := w.source.Backup("--wal-method=none")
	w.write(t, w.instance, 3+round%5)
	known, _ := follow(t, w.instance, changes+"&limit=100")
	moment := fmt.Sprintf("moment%d", round)
	admin := pgtest.Connect(t, w.source.URL("postgres"))
	pgtest.Execute(t, admin, "SELECT pg_create_restore_point('"+moment+"')")
	want := w.tables(t, w.url)

	w.write(t, w.instance, 1+round%4)
	var lost string
	pgtest.Eventually(t, "changes after the moment", func() bool {
		var read int
		lost, read = follow(t, w.instance, known)
		return read > 0
	})
	last := pgtest.Scalar[string](t, admin, "SELECT pg_walfile_name(pg_switch_wal())")
	pgtest.Eventually(t, "the archive of the log", func() bool {
		return pgtest.Scalar[bool](t, admin, "SELECT coalesce(last_archived_wal >= $1, false) FROM pg_stat_archiver", last)
	})

	restored := w.startAt(t, copied, moment)
	url := restored.URL("roster")
	if got := w.tables(t, url); !reflect.DeepEqual(got, want) {
		t.Errorf("round %d: the tables are\n%v, not\n%v", round, got, want)
	}
	i := serve(t, "DATABASE_URL="+url)
	i.expect(410, "GET", lost, "")
	for range 20 * (round % 2) { // transactions of others take the lost numbers
		pgtest.Execute(t, pgtest.Connect(t, url), "SELECT pg_current_xact_id()")
	}
	i.expect(410, "GET", lost, "")
	after, read := follow(t, i, known)
	if read != 0 {
		t.Errorf("round %d: a reader from before the moment receives %d changes again", round, read)
	}
	i.expect(201, "POST", "/users", createUser("restored"))
	i.expect(410, "GET", lost, "")
	pgtest.Eventually(t, "the change after the restore", func() bool {
		after, read = follow(t, i, after)
		return read == 1
	})
	if _, read := follow(t, i, known); read != 1 {
		t.Errorf("round %d: the old cursor receives %d changes, not 1", round, read)
	}
	if code := i.stop(); code != exitDone {
		t.Errorf("roster serve ended with %d", code)
	}
	restored.Stop()
	t.Logf("round %d: %d tables are as they were; the reader of lost changes is refused", round, len(want))
}

// startAt starts a copy that replays the archive up to a moment.
func (w *archivedWorld) startAt(t *testing.T, copied *pgtest.Copy, moment string) *pgtest.Server {
	t.Helper()
	if err := os.WriteFile(filepath.Join(copied.Cluster, "recovery.signal"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	copied.Options.Settings["restore_command"] = fmt.Sprintf(`cp "%s/%%f" %%p`, w.archive)
	copied.Options.Settings["recovery_target_name"] = moment
	copied.Options.Settings["recovery_target_action"] = "promote"
	copied.Options.Settings["archive_mode"] = "off"
	restored := w.source.StartCopy(copied)
	restored.AwaitPrimary()
	return restored
}

// tables returns the number of rows and the checksum of each table.
func (w *archivedWorld) tables(t *testing.T, url string) []backup.Table {
	t.Helper()
	path := filepath.Join(t.TempDir(), "roster.backup")
	mustRun(t, url, "backup", path)
	file, err := backup.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Tables
}

func listIn(t *testing.T, r response) (list []userJSON) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.body), &list); err != nil {
		t.Fatalf("%s: %v", r.body, err)
	}
	return list
}
