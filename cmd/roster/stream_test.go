package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// upload is an import under way, whose client is in no hurry to end it.
type upload struct {
	t       *testing.T
	send    *io.PipeWriter
	answer  *http.Response
	results *bufio.Scanner
	// acknowledged counts the results so far.
	acknowledged int
}

func (u *upload) line(n int) string {
	return fmt.Sprintf(`{"username":"user%d","email":"user%d@example.com"}`+"\n", n, n)
}

// uploading begins an import of users with one line, and waits for its result.
func uploading(t *testing.T, url string) *upload {
	t.Helper()
	body, send := io.Pipe()
	u := &upload{t: t, send: send}
	request, err := http.NewRequestWithContext(t.Context(), "POST", url+"/bulk/users", body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-ndjson")
	go func() { _, _ = io.WriteString(send, u.line(0)) }()
	if u.answer, err = http.DefaultClient.Do(request); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = send.Close(), u.answer.Body.Close() })
	u.results = bufio.NewScanner(u.answer.Body)
	u.receive(1)
	return u
}

// receive waits until so many lines are acknowledged.
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

// pour sends line after line, from the second, until the connection ends, and
// returns how many lines there are.
func (u *upload) pour() int {
	for n := 1; ; n++ {
		if _, err := io.WriteString(u.send, u.line(n)); err != nil {
			return n
		}
	}
}

// kept checks that the directory has what was acknowledged and at most so many
// lines more, without a gap, once the server has noticed the end.
func (u *upload) kept(url string, more int) {
	u.t.Helper()
	for u.results.Scan() {
		u.acknowledged++
	}
	u.awaitNoImport(url)
	stored, err := strconv.Atoi(ask(u.t, url, "SELECT count(*)::text FROM roster.users"))
	if err != nil {
		u.t.Fatal(err)
	}
	if stored < u.acknowledged || stored > u.acknowledged+more {
		u.t.Errorf("%d users are stored, and %d lines were acknowledged", stored, u.acknowledged)
	}
	if last := ask(u.t, url, "SELECT max(substr(username, 5)::int)::text FROM roster.users"); last != strconv.Itoa(stored-1) {
		u.t.Errorf("%d users are stored, the last of them user%s", stored, last)
	}
}

func (u *upload) awaitNoImport(url string) {
	u.t.Helper()
	for ask(u.t, url, "SELECT count(*)::text FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.objid = (hashtext('roster.import')::bigint & 4294967295)::oid") != "0" {
		time.Sleep(10 * time.Millisecond)
	}
}

func TestAnImportWhoseClientBreaksOffKeepsWhatItAcknowledged(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	i := serve(t, "DATABASE_URL="+url)
	u := uploading(t, i.url)
	sent := make(chan int, 1)
	go func() { sent <- u.pour() }()
	u.receive(2500)
	if err := u.send.CloseWithError(io.ErrClosedPipe); err != nil {
		t.Fatal(err)
	}
	poured := <-sent
	u.kept(url, poured-u.acknowledged) // what was on its way to a client that is gone is not known to it
	if answer := i.expect(200, "GET", "/users?limit=1", ""); !strings.Contains(answer.body, "user") {
		t.Errorf("the server answers %s", answer.body)
	}
}

func TestAnImportWhoseServerIsKilledKeepsWhatItAcknowledged(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	log := newTranscript()
	server := exec.Command("roster", "serve", "--addr", address)
	server.Env, server.Stderr = append(server.Environ(), "DATABASE_URL="+url), log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	for line, more := log.find("Roster serves"); line == ""; line, more = log.find("Roster serves") {
		<-more
	}
	u := uploading(t, "http://"+address)
	sent := make(chan int, 1)
	go func() { sent <- u.pour() }()
	u.receive(2500)
	if err := server.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait() // it was killed
	u.kept(url, 1000) // a part
	_ = u.send.Close()
	<-sent
}

func TestAnImportBesideAnotherOneIsRefused(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+migrated.Database(t))
	u := uploading(t, i.url)
	refused := i.expect(409, "POST", "/bulk/plans", `{"code":"free","name":"Free"}`, "Content-Type: application/x-ndjson")
	if !strings.Contains(refused.body, "#importing") {
		t.Errorf("the problem is %s", refused.body)
	}
	if err := u.send.Close(); err != nil {
		t.Fatal(err)
	}
	if !u.results.Scan() || u.results.Text() != `{"created":1,"exists":0,"rejected":0}` {
		t.Errorf("the first import ends with %q, %v", u.results.Text(), u.results.Err())
	}
	i.expect(200, "POST", "/bulk/plans", `{"code":"free","name":"Free"}`, "Content-Type: application/x-ndjson")
}

func TestAnImportEndsWithTheServer(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	i := serve(t, "DATABASE_URL="+url)
	u := uploading(t, i.url)
	if code := i.stop(); code != 0 {
		t.Errorf("roster serve ends with %d:\n%s", code, i.log)
	}
	if u.results.Scan() || u.results.Err() == nil {
		t.Errorf("then %q", u.results.Text())
	}
	u.kept(url, 0)
}
