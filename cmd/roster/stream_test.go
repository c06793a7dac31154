package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// upload is an import of users that goes on until the test ends it.
type upload struct {
	t            *testing.T
	send         *io.PipeWriter
	response     *http.Response
	results      *bufio.Scanner
	acknowledged int // results so far
}

func (u *upload) line(n int) string { return createUser(fmt.Sprintf("user%d", n)) + "\n" }

// startUpload starts an import with one line, and waits for its result.
func startUpload(t *testing.T, url string) *upload {
	t.Helper()
	return startUploadBy(t, http.DefaultClient, url)
}

func startUploadBy(t *testing.T, client *http.Client, url string) *upload {
	t.Helper()
	body, send := io.Pipe()
	u := &upload{t: t, send: send}
	request, err := http.NewRequestWithContext(t.Context(), "POST", url+"/bulk/users", body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-ndjson")
	go func() { _, _ = io.WriteString(send, u.line(0)) }()
	if u.response, err = client.Do(request); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = send.Close(), u.response.Body.Close() })
	u.results = bufio.NewScanner(u.response.Body)
	u.receive(1)
	return u
}

// receive waits until a number of lines is acknowledged.
func (u *upload) receive(lines int) {
	u.t.Helper()
	for u.acknowledged < lines && u.results.Scan() {
		u.acknowledged++
		if want := fmt.Sprintf(`{"line":%d,"outcome":"created"}`, u.acknowledged); u.results.Text() != want {
			u.t.Fatalf("got %s, want %s", u.results.Text(), want)
		}
	}
	if u.acknowledged < lines {
		u.t.Fatalf("%d of %d lines were acknowledged: %v", u.acknowledged, lines, u.results.Err())
	}
}

// sendAll sends lines from the second on until the connection ends, and returns
// the number of lines.
func (u *upload) sendAll() int {
	for n := 1; ; n++ {
		if _, err := io.WriteString(u.send, u.line(n)); err != nil {
			return n
		}
	}
}

// expectKept waits until the server has ended the import. Then it checks that the
// directory has the acknowledged lines and at most so many more, without a gap.
func (u *upload) expectKept(url string, more int) {
	u.t.Helper()
	for u.results.Scan() {
		u.acknowledged++
	}
	awaitNoImport(u.t, url)
	stored := query[int](u.t, url, "SELECT count(*) FROM roster.users")
	if stored < u.acknowledged || stored > u.acknowledged+more {
		u.t.Errorf("%d users are stored, and %d lines were acknowledged", stored, u.acknowledged)
	}
	if last := query[int](u.t, url, "SELECT max(substr(username, 5)::int) FROM roster.users"); last != stored-1 {
		u.t.Errorf("%d users are stored, the last of them user%d", stored, last)
	}
}

// awaitNoImport waits until no import has the lease.
func awaitNoImport(t *testing.T, url string) {
	t.Helper()
	conn := pgtest.Connect(t, url)
	pgtest.Eventually(t, "the end of the import", func() bool {
		return pgtest.Scalar[int](t, conn, "SELECT count(*) FROM roster.import_lease WHERE expires_at > clock_timestamp()") == 0
	})
}

// expireImport waits until the server has noticed that the importer was killed, and
// then lets its lease expire.
func expireImport(t *testing.T, url string) {
	t.Helper()
	conn := pgtest.Connect(t, url)
	pgtest.Eventually(t, "the end of the importer's connections", func() bool {
		return pgtest.Scalar[int](t, conn, `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = 'roster'`) == 0
	})
	pgtest.Execute(t, conn, "UPDATE roster.import_lease SET expires_at = clock_timestamp()")
}

func TestAnImportWhoseClientBreaksOffKeepsWhatItAcknowledged(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	i := serve(t, "DATABASE_URL="+url)
	u := startUpload(t, i.url)
	sent := make(chan int, 1)
	go func() { sent <- u.sendAll() }()
	u.receive(2500)
	if err := u.send.CloseWithError(io.ErrClosedPipe); err != nil {
		t.Fatal(err)
	}
	lines := <-sent
	u.expectKept(url, lines-u.acknowledged) // results on the way to the client are lost
	if got := i.expect(200, "GET", "/users?limit=1", ""); !strings.Contains(got.body, "user") {
		t.Errorf("the response is %s", got.body)
	}
}

func TestAnImportWhoseServerIsKilledKeepsWhatItAcknowledged(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	server := spawn(t, url)
	u := startUpload(t, server.url)
	sent := make(chan int, 1)
	go func() { sent <- u.sendAll() }()
	u.receive(2500)
	server.kill()
	expireImport(t, url)
	u.expectKept(url, 1000) // a transaction's lines
	_ = u.send.Close()
	<-sent
}

func TestAnImportDuringAnotherOneIsRefused(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+migrated.Database(t))
	u := startUpload(t, i.url)
	const plan = `{"code":"free","name":"Free"}`
	refused := i.expect(409, "POST", "/bulk/plans", plan, "Content-Type: application/x-ndjson")
	if !strings.Contains(refused.body, "#importing") {
		t.Errorf("the problem is %s", refused.body)
	}
	if err := u.send.Close(); err != nil {
		t.Fatal(err)
	}
	if !u.results.Scan() || u.results.Text() != `{"created":1,"exists":0,"rejected":0}` {
		t.Errorf("the first import ends with %q, %v", u.results.Text(), u.results.Err())
	}
	i.expect(200, "POST", "/bulk/plans", plan, "Content-Type: application/x-ndjson")
}

func TestAnImportEndsWithTheServer(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	i := serve(t, "DATABASE_URL="+url)
	u := startUpload(t, i.url)
	if code := i.stop(); code != 0 {
		t.Errorf("roster serve ends with %d:\n%s", code, i.log)
	}
	if u.results.Scan() || u.results.Err() == nil {
		t.Errorf("then %q", u.results.Text())
	}
	u.expectKept(url, 0)
}
