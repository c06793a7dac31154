package tool

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// releasedShop is the shop with the file of its release.
func releasedShop(t *testing.T) *shop {
	t.Helper()
	s := prepared(t)
	s.expect("release -version v1.0.0 -released "+s.path("released"), allWell)
	return s
}

// checkReleased checks the release of the shop.
func (s *shop) checkReleased(status int, texts ...string) {
	s.t.Helper()
	s.expect("check -released "+s.path("released"), status, texts...)
}

func TestTheLastReleaseIsCheckedOnTheNewSchema(t *testing.T) {
	s := releasedShop(t)
	s.checkReleased(allWell)
	released, err := filesIn(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, statement string
		want            []string
	}{
		{"a rename", "ALTER TABLE shop.customers RENAME note TO remark", []string{
			`migrations/00002_new.sql: query "customers.find" (4 of 4 variants): in v1.0.0, it uses shop.customers.note, which does not exist; ` +
				"is it remark now?: keep it in this release beside what replaces it (expand), and drop it in the next (contract)",
			`migrations/00002_new.sql: query "customers.copy": in v1.0.0, it uses shop.customers.note`,
		}},
		{"a drop", "ALTER TABLE shop.customers DROP note", []string{
			`00002_new.sql: query "customers.find" (4 of 4 variants): in v1.0.0, it uses shop.customers.note, which does not exist; it was dropped`,
		}},
		{"another type", "ALTER TABLE shop.customers ALTER visits TYPE bigint", []string{
			`00002_new.sql: query "customers.visit": in v1.0.0, it uses shop.customers.visits, which was integer and is bigint: keep the type`,
		}},
		{"a new column", "ALTER TABLE shop.customers ADD born date NOT NULL", []string{
			`00002_new.sql: query "customers.copy": in v1.0.0, its INSERT leaves out shop.customers.born, which is new, refuses NULL and`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.reset(released)
			s.migrate("00002_new.sql", c.statement)
			s.expect("prepare", exitOf(c.name))
			s.checkReleased(findings, c.want...)
		})
	}
	s.reset(released)
	s.migrate("00002_new.sql", "ALTER TABLE shop.customers ADD born date")
	s.expect("prepare", allWell)
	s.checkReleased(allWell)
}

// exitOf is the exit status of prepare: it finds what breaks this version, too.
func exitOf(change string) int {
	if change == "a new column" {
		return allWell
	}
	return findings
}

func TestAReleaseNeedsAVersionAndAFolder(t *testing.T) {
	s := prepared(t)
	has(t, "release", s.fails("release"), "name it with -released")
	var out, errs bytes.Buffer
	args := []string{"-database=" + s.database, "release", "-released", s.path("released"), s.path("store")}
	if got := Main(t.Context(), args, &out, &errs, start); got != failed || !strings.Contains(errs.String(), "-version v1.2.0") {
		t.Errorf("without a version: exit status %d: %s", got, errs.String())
	}
	args[1] = "check"
	errs.Reset()
	if got := Main(t.Context(), args, &out, &errs, start); got != failed || !strings.Contains(errs.String(), "sqlcheck release writes it") {
		t.Errorf("without a file: exit status %d: %s", got, errs.String())
	}
}

func TestAReleaseIsWrittenOnlyWithoutFindings(t *testing.T) {
	s := prepared(t)
	s.migrate("00002_note.sql", "ALTER TABLE shop.customers RENAME note TO remark")
	s.expect("release -version v1.0.0 -released "+s.path("released"), findings, "stale: this migration is newer than the snapshots")
	if _, err := os.Stat(s.path("released")); err == nil {
		t.Error("a release was written")
	}
}
