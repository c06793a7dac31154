package page_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/dataset"
	"github.com/roster-directory/roster/adapters/postgres/migrate"
	"github.com/roster-directory/roster/adapters/postgres/pgtest"
	"github.com/roster-directory/roster/adapters/sample"
	"github.com/roster-directory/roster/internal/tools/page/browser"
	"github.com/roster-directory/roster/internal/tools/page/server"
)

var (
	// chromium is the browser of all tests; each has tabs in a profile of its own.
	chromium *browser.Browser
	// program is the path of Roster.
	program string
	// empty and people make databases: with the schema only, and with a directory of 3,000
	// users whose events are of the last weeks.
	empty  = pgtest.NewTemplate(migrate.Up)
	people = pgtest.NewTemplate(importSample)
)

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "roster-page-")
	if err == nil {
		program, err = build(folder)
	}
	if err == nil {
		chromium, err = browser.Start(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "the tests of the page:", err)
		os.Exit(1)
	}
	code := pgtest.Main{M: m}.Run()
	chromium.Close()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// build returns the path of Roster: that of ROSTER_TEST_PROGRAM, or a new one in the folder.
func build(folder string) (string, error) {
	if set := os.Getenv("ROSTER_TEST_PROGRAM"); set != "" {
		return filepath.Abs(set)
	}
	root, err := server.Root()
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "roster")
	const tags = "nomsgpack,nopgxregisterdefaulttypes"
	command := exec.Command("go", "build", "-C", root, "-tags", tags, "-o", path, "./cmd/roster")
	out, err := command.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building Roster: %w: %s", err, out)
	}
	return path, nil
}

// importSample imports a made-up directory into a database.
func importSample(ctx context.Context, url string) error {
	folder, err := os.MkdirTemp("", "roster-sample-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	set, err := dataset.Create(filepath.Join(folder, "people"), dataset.NDJSON, false)
	if err != nil {
		return err
	}
	if err := sample.Write(ctx, sample.Options{Seed: 1, Users: 3000, Events: 20_000, Now: time.Now()}, set); err != nil {
		return err
	}
	if err := set.Close(); err != nil {
		return err
	}
	command := exec.CommandContext(ctx, program, "import", filepath.Join(folder, "people"))
	command.Env = append(os.Environ(), "DATABASE_URL="+url)
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("importing the sample: %w: %s", err, out)
	}
	return nil
}

// serve starts Roster on a database of a template, and returns a tab for its pages. The
// test fails at its end if a page had a fault.
func serve(t *testing.T, template *pgtest.Template) (*server.Roster, *browser.Tab) {
	t.Helper()
	roster := server.Start(t, program, []string{"DATABASE_URL=" + template.Database(t)}, "serve")
	return roster, open(t, roster)
}

// open opens a tab for the pages of a running Roster.
func open(t *testing.T, roster *server.Roster, allowed ...string) *browser.Tab {
	t.Helper()
	tab := chromium.Tab(t, roster.URL, allowed...)
	t.Cleanup(func() {
		if err := tab.Faults(); err != nil && !t.Failed() {
			t.Errorf("the page has faults: %v", err)
		}
	})
	return tab
}
