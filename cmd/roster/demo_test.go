package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// demo is a roster demo in this process.
type demo struct {
	url, folder string
	commands    []string // that it suggests
	stop        func() (code int, stderr string)
}

func startDemo(t *testing.T, args ...string) demo {
	t.Helper()
	signals, ended := make(chan os.Signal, 2), make(chan int, 1)
	stdout, stderr := newTranscript(), newTranscript()
	go func() {
		ended <- run(process{
			args: append([]string{"demo"}, args...), signals: signals, stdin: strings.NewReader(""), stdout: stdout, stderr: stderr,
			// The demo has its own database, address and rights.
			environ: []string{
				"DATABASE_URL=postgres://127.0.0.1:1/none", "PORT=1", "ROSTER_ADDR=192.0.2.1:1", "ROSTER_AUTH=token",
				"ROSTER_PG_REPOSITORY=" + os.Getenv("ROSTER_PG_REPOSITORY"),
			},
		})
	}()
	for {
		line, more := stdout.find("Ctrl+C ends it")
		if line != "" {
			break
		}
		select {
		case <-more:
		case code := <-ended:
			t.Fatalf("roster demo ended with %d: %s%s", code, stdout, stderr)
		}
	}
	text := stdout.String()
	return demo{
		url:      regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(text),
		folder:   regexp.MustCompile(`which is in (.+)\.\n`).FindStringSubmatch(text)[1],
		commands: regexp.MustCompile(`(?m)^    (curl .*)$`).FindAllString(text, -1),
		stop: func() (int, string) {
			signals <- syscall.SIGTERM
			return <-ended, stderr.String()
		},
	}
}

func TestTheSuggestionsOfTheDemoWork(t *testing.T) {
	t.Parallel()
	d := startDemo(t, "--users", "1", "--events", "100")
	if len(d.commands) != 3 {
		t.Errorf("the demo suggests %d commands", len(d.commands))
	}
	for _, command := range d.commands {
		script := strings.Replace(strings.TrimSpace(command), "curl ", "curl --fail-with-body --silent --show-error ", 1)
		out, err := exec.CommandContext(t.Context(), "bash", "-c", script).CombinedOutput()
		var found []any
		if err != nil || json.Unmarshal(out, &found) != nil || len(found) == 0 {
			t.Errorf("%s: %v: %s", command, err, out)
		}
	}
	code, stderr := d.stop()
	if left := withoutWaits(stderr); code != exitDone || left != "" {
		t.Errorf("the exit code is %d: %s", code, left)
	}
	if _, err := os.Stat(d.folder); !os.IsNotExist(err) {
		t.Errorf("the folder %s is left: %v", d.folder, err)
	}
}

// withoutWaits removes the lines that a slow machine adds to a log: that a command
// waits for the database.
func withoutWaits(log string) string {
	return regexp.MustCompile(`(?m)^.*Waiting for the database.*\n`).ReplaceAllString(log, "")
}

func TestADemoThatCannotServeLeavesNothing(t *testing.T) {
	t.Parallel()
	code, _, stderr := roster(t, []string{"ROSTER_PG_BIN=/no/such/folder"}, "demo")
	if code == exitDone || !strings.Contains(stderr, "/no/such/folder") {
		t.Errorf("the exit code is %d: %s", code, stderr)
	}
	if code, _, stderr := roster(t, nil, "demo", "--users", "0"); code != exitUsage || !strings.Contains(stderr, "--users") {
		t.Errorf("without users: the exit code is %d: %s", code, stderr)
	}
}

func TestTheSuggestionsNameTheLastSevenDays(t *testing.T) {
	t.Parallel()
	for _, part := range []string{
		"http://127.0.0.1:1/users?limit=3", "from=2026-11-23T00:00:00Z&to=2026-11-30T00:00:00Z", "http://127.0.0.1:1/admin",
		"which is in /tmp/x.",
	} {
		text := suggestions("http://127.0.0.1:1", "/tmp/x", time.Date(2026, 11, 30, 23, 59, 0, 0, time.UTC))
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in %s", part, text)
		}
	}
}
