package migrations

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestMigrationsAreNumberedWithoutAGap(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range all {
		if m.Version != int64(Baseline+i) {
			t.Errorf("%s stands where number %d should", m.File, i+1)
		}
	}
	newest, err := Newest()
	if err != nil || newest != all[len(all)-1] {
		t.Errorf("the newest is %v, %v", newest, err)
	}
}

func TestNumbersAreChecked(t *testing.T) {
	for name, c := range map[string]struct {
		files []string
		want  string
	}{
		"a name without a number is refused": {[]string{"00101_a.sql", "users.sql"}, "migrations/users.sql: name the file"},
		"a short number is refused":          {[]string{"101_a.sql"}, "migrations/101_a.sql"},
		"number nought is refused":           {[]string{"00000_a.sql"}, "migrations/00000_a.sql"},
		"one before the baseline is refused": {
			[]string{"00010_a.sql"}, "migrations/00010_a.sql: name the file NNNNN_name.sql, its number from 00101",
		},
		"a number twice is refused": {
			[]string{"00102_b.sql", "00101_a.sql", "00102_c.sql"}, "00102_b.sql and 00102_c.sql have one number",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := number(c.files); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v does not say %q", err, c.want)
			}
		})
	}
}

func TestMigrationsAreSortedByNumber(t *testing.T) {
	all, err := number([]string{"00110_c.sql", "00102_b.sql", "00101_a.sql"})
	want := []Migration{{101, "00101_a.sql"}, {102, "00102_b.sql"}, {110, "00110_c.sql"}}
	if err != nil || !slices.Equal(all, want) {
		t.Errorf("%v, %v", all, err)
	}
}

var (
	comment   = regexp.MustCompile(`(?m)--.*$`)
	statement = regexp.MustCompile(`(?i)\b(CREATE|ALTER|DROP|INSERT|UPDATE|DELETE|COMMENT|CALL)\b`)
	unnamed   = regexp.MustCompile(`(?im)^\s*(CREATE|ALTER|DROP|COMMENT ON)\s+(TABLE|COLUMN|FUNCTION|UNLOGGED TABLE)\s+` +
		`(IF (NOT )?EXISTS\s+)?([a-z_]+)`)
)

// halves are a migration's two directions, without comments.
func halves(t *testing.T, file string) (up, down string) {
	t.Helper()
	text, err := fs.ReadFile(Files, file)
	if err != nil {
		t.Fatal(err)
	}
	up, down, both := strings.Cut(string(text), "-- +goose Down\n")
	if up = strings.TrimPrefix(up, "-- +goose NO TRANSACTION\n"); !both || !strings.HasPrefix(up, "-- +goose Up\n") {
		t.Fatalf("%s: write a part under \"-- +goose Up\" and then one under \"-- +goose Down\"", file)
	}
	return comment.ReplaceAllString(up, ""), comment.ReplaceAllString(down, "")
}

func TestEachMigrationGoesUpAndDown(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		up, down := halves(t, m.File)
		if !statement.MatchString(up) || !statement.MatchString(down) {
			t.Errorf("%s has a direction without a statement", m.File)
		}
	}
}

func TestNamesAreQualified(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		up, down := halves(t, m.File)
		for _, found := range unnamed.FindAllStringSubmatch(up+down, -1) {
			if found[5] != "roster" {
				t.Errorf("%s: write roster. before the name in %q", m.File, strings.TrimSpace(found[0]))
			}
		}
	}
}
