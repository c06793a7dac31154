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

// endingOf is the variable that makes this binary a test process that has a
// server, says where, and then ends in the way that it names.
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

// spy is a test that fails without failing the one that looks at it.
type spy struct {
	testing.TB
	fatal string
}

func (s *spy) Helper() {}

func (s *spy) Fatalf(format string, args ...any) {
	s.fatal = fmt.Sprintf(format, args...)
	panic(s)
}

// failure returns the words that f fails the test with.
func failure(t *testing.T, f func(testing.TB)) (words string) {
	t.Helper()
	s := &spy{TB: t}
	defer func() {
		if r := recover(); r != nil && r != any(s) {
			panic(r)
		}
		if s.fatal == "" {
			t.Fatal("it did not fail")
		}
		words = s.fatal
	}()
	f(s)
	return ""
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q isn't in: %s", part, text)
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, os.ErrNotExist)
}
