package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// endingOf is an environment variable. This binary, started with it, starts a
// server, prints where it is, and ends in the way that the variable names.
const endingOf = "ROSTER_PGTEST_TEST_ENDING"

func TestMain(m *testing.M) {
	if ending := os.Getenv(endingOf); ending != "" {
		end(ending)
	}
	goleak.VerifyTestMain(Main{M: m})
}

func end(ending string) {
	if _, err := shared.get(context.Background()); err != nil {
		panic(err)
	}
	fmt.Println(shared.files.Path, shared.server.URL("postgres"))
	switch ending {
	case "exits":
		os.Exit(0)
	case "panics": // as a test that exceeds -timeout does
		panic("out of time")
	}
	select {}
}

// spy records the failure of a test instead of failing it.
type spy struct {
	testing.TB
	fatal string
}

func (s *spy) Helper() {}

func (s *spy) Fatalf(format string, args ...any) {
	s.fatal = fmt.Sprintf(format, args...)
	panic(s)
}

// failure returns the message with which f fails its test.
func failure(t *testing.T, f func(testing.TB)) (message string) {
	t.Helper()
	s := &spy{TB: t}
	defer func() {
		if r := recover(); r != nil && r != any(s) {
			panic(r)
		}
		if s.fatal == "" {
			t.Fatal("the test did not fail")
		}
		message = s.fatal
	}()
	f(s)
	return ""
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in: %s", part, text)
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, os.ErrNotExist)
}
