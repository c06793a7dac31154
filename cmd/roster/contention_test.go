package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

func TestOfTwoHundredReplacementsOfOneVersionOneWins(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+migrated.Database(t))
	made := i.expect(201, "POST", "/users", `{"username":"ada","email":"ada@example.com"}`)
	ada, tag := read[user](t, made.body), made.header.Get("ETag")
	const askers = 200
	answers := together(t, askers, func(n int) (answer, error) {
		return i.ask("PUT", "/users/"+ada.ID, fmt.Sprintf(`{"username":"ada%d","email":"ada@example.com"}`, n), "If-Match: "+tag)
	})
	count := byStatus(answers)
	if count[http.StatusOK] != 1 || count[http.StatusPreconditionFailed] != askers-1 {
		t.Fatalf("the answers by status are %v", count)
	}
	now := i.expect(200, "GET", "/users/"+ada.ID, "")
	for _, answer := range answers {
		if answer.status == http.StatusOK && (answer.body != now.body || answer.header.Get("ETag") != now.header.Get("ETag")) {
			t.Errorf("the winner was told %s, and stored is %s", answer.body, now.body)
		}
	}
}

// TestARepeatedCreateIsOneThoughTheServerIsKilled sends one create a hundred
// times, kills the server among them, and sends it again to another.
func TestARepeatedCreateIsOneThoughTheServerIsKilled(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	first, second := spawn(t, url), spawn(t, url)
	create := func(base string) (answer, error) {
		i := &instance{t: t, url: base}
		return i.ask("POST", "/users", `{"username":"ada","email":"ada@example.com"}`, `Idempotency-Key: "the-same"`)
	}
	const askers = 100
	var killed sync.Once
	answers := together(t, askers, func(n int) (answer, error) {
		if n == askers/2 {
			killed.Do(first.kill)
		}
		got, err := create(first.url)
		for err != nil || strings.Contains(got.body, "#key-in-progress") || got.status == http.StatusServiceUnavailable {
			got, err = create(second.url)
		}
		return got, nil
	})
	for _, answer := range answers {
		if answer.status != http.StatusCreated || answer.body != answers[0].body || answer.header.Get("ETag") != answers[0].header.Get("ETag") {
			t.Fatalf("one was told %d %s, another %d %s", answer.status, answer.body, answers[0].status, answers[0].body)
		}
	}
	if got := ask(t, url, "SELECT count(*)::text FROM roster.users"); got != "1" {
		t.Errorf("there are %s users", got)
	}
	other := (&instance{t: t, url: second.url}).expect(422, "POST", "/users", `{"username":"bob","email":"bob@example.com"}`, `Idempotency-Key: "the-same"`)
	if !strings.Contains(other.body, "#key-reused") {
		t.Errorf("another request with the key was told %s", other.body)
	}
}

// together asks n times at once and returns all answers.
func together(t *testing.T, n int, ask func(n int) (answer, error)) []answer {
	t.Helper()
	answers := make([]answer, n)
	var all sync.WaitGroup
	for n := range answers {
		all.Go(func() {
			var err error
			if answers[n], err = ask(n); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	return answers
}

func byStatus(answers []answer) map[int]int {
	count := map[int]int{}
	for _, answer := range answers {
		count[answer.status]++
	}
	return count
}

// spawned is a roster serve in a process of its own.
type spawned struct {
	t       *testing.T
	url     string
	process *os.Process
}

// spawn starts roster serve and waits until it serves. It is killed with the
// test, if not before.
func spawn(t *testing.T, database string) *spawned {
	t.Helper()
	command := exec.Command("roster", "serve")
	command.Env = append(os.Environ(), "DATABASE_URL="+database, "PORT=0", "ROSTER_LOG_FORMAT=json")
	stderr, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	s := &spawned{t: t, process: command.Process}
	t.Cleanup(func() {
		s.kill()
		_ = command.Wait() // it says that it was killed
	})
	lines := bufio.NewScanner(stderr)
	for s.url == "" && lines.Scan() {
		var record struct{ Msg, URL string }
		if json.Unmarshal(lines.Bytes(), &record) == nil && record.Msg == "Roster serves" {
			s.url = record.URL
		}
	}
	if s.url == "" {
		t.Fatal("roster serve ended before it served")
	}
	go func() { _, _ = io.Copy(io.Discard, stderr) }() // ends with the process
	return s
}

func (s *spawned) kill() { _ = s.process.Kill() } // it may be dead already
