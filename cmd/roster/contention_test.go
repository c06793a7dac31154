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
	made := i.expect(201, "POST", "/users", createAda)
	ada, tag := read[user](t, made.body), made.header.Get("ETag")
	const clients = 200
	responses := together(t, clients, func(n int) (response, error) {
		return i.send("PUT", "/users/"+ada.ID, fmt.Sprintf(`{"username":"ada%d","email":"ada@example.com"}`, n), "If-Match: "+tag)
	})
	count := byStatus(responses)
	if count[http.StatusOK] != 1 || count[http.StatusPreconditionFailed] != clients-1 {
		t.Fatalf("the responses by status are %v", count)
	}
	now := i.expect(200, "GET", "/users/"+ada.ID, "")
	for _, got := range responses {
		if got.status == http.StatusOK && (got.body != now.body || got.header.Get("ETag") != now.header.Get("ETag")) {
			t.Errorf("the winner received %s, and stored is %s", got.body, now.body)
		}
	}
}

func TestOfAHundredCreatesOfOneAddressOneWins(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+migrated.Database(t))
	const clients = 100
	count := byStatus(together(t, clients, func(n int) (response, error) {
		return i.send("POST", "/users", fmt.Sprintf(`{"username":"ada%d","email":"ada@example.com"}`, n))
	}))
	if count[http.StatusCreated] != 1 || count[http.StatusConflict] != clients-1 {
		t.Errorf("the responses by status are %v", count)
	}
}

// TestARepeatedCreateIsOneThoughTheServerIsKilled sends the same create a hundred
// times, kills the server meanwhile, and repeats it on another server.
func TestARepeatedCreateIsOneThoughTheServerIsKilled(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	first, second := spawn(t, url), spawn(t, url)
	create := func(base string) (response, error) {
		return (&instance{t: t, url: base}).send("POST", "/users", createAda, `Idempotency-Key: "the-same"`)
	}
	const clients = 100
	var killed sync.Once
	responses := together(t, clients, func(n int) (response, error) {
		if n == clients/2 {
			killed.Do(first.kill)
		}
		got, err := create(first.url)
		for err != nil || strings.Contains(got.body, "#key-in-progress") || got.status == http.StatusServiceUnavailable {
			got, err = create(second.url)
		}
		return got, nil
	})
	for _, got := range responses {
		first := responses[0]
		if got.status != http.StatusCreated || got.body != first.body || got.header.Get("ETag") != first.header.Get("ETag") {
			t.Fatalf("one client received %d %s, another %d %s", got.status, got.body, first.status, first.body)
		}
	}
	if got := query[int](t, url, "SELECT count(*) FROM roster.users"); got != 1 {
		t.Errorf("there are %d users", got)
	}
	other := (&instance{t: t, url: second.url}).expect(422, "POST", "/users", createUser("bob"), `Idempotency-Key: "the-same"`)
	if !strings.Contains(other.body, "#key-reused") {
		t.Errorf("the response to another request with the key is %s", other.body)
	}
}

// together sends n requests at the same time and returns the responses.
func together(t *testing.T, n int, send func(n int) (response, error)) []response {
	t.Helper()
	responses := make([]response, n)
	var all sync.WaitGroup
	for n := range responses {
		all.Go(func() {
			var err error
			if responses[n], err = send(n); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	return responses
}

func byStatus(responses []response) map[int]int {
	count := map[int]int{}
	for _, got := range responses {
		count[got.status]++
	}
	return count
}

// spawned is a roster serve in another process.
type spawned struct {
	url     string
	process *os.Process
}

// spawn starts roster serve in another process and waits until it serves. It is
// killed at the end of the test if not before.
func spawn(t *testing.T, database string) *spawned {
	t.Helper()
	return spawnProgram(t, "roster", database)
}

// spawnProgram is spawn of another program than the one that is tested.
func spawnProgram(t *testing.T, program, database string, settings ...string) *spawned {
	t.Helper()
	return spawnWith(t, program, append(append(noLimits(), "DATABASE_URL="+database), settings...))
}

// spawnWith is spawnProgram with these settings and no others.
func spawnWith(t *testing.T, program string, settings []string) *spawned {
	t.Helper()
	command := exec.Command(program, "serve")
	command.Env = append(append(os.Environ(), "PORT=0", "ROSTER_LOG_FORMAT=json"), settings...)
	stderr, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	s := &spawned{process: command.Process}
	t.Cleanup(func() {
		s.kill()
		_ = command.Wait() // the error: it was killed
	})
	lines, log := bufio.NewScanner(stderr), ""
	for s.url == "" && lines.Scan() {
		log += lines.Text() + "\n"
		var record struct{ Msg, URL string }
		if json.Unmarshal(lines.Bytes(), &record) == nil && record.Msg == "Roster serves" {
			s.url = record.URL
		}
	}
	if s.url == "" {
		t.Fatalf("%s serve ended before it served:\n%s", program, log)
	}
	go func() { _, _ = io.Copy(io.Discard, stderr) }() // ends with the process
	return s
}

func (s *spawned) kill() { _ = s.process.Kill() } // it may be dead already
