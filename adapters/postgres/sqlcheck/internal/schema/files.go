package schema

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/sqltext"
)

// files are SQL files in the order in which they are applied.
type files struct {
	format format
	files  []file
}

type file struct{ path, text string }

// format is how migrations are written.
type format int

const (
	goosed format = iota
	plainFiles
	dump
)

// read reads the files at a path, of which Migrations lists the kinds.
func read(path string) (files, error) {
	info, err := os.Stat(path)
	if err != nil {
		return files{}, err
	}
	if !info.IsDir() {
		text, err := os.ReadFile(path)
		return files{dump, []file{{path, string(text)}}}, err
	}
	names, err := filepath.Glob(filepath.Join(path, "*.sql"))
	if err != nil {
		return files{}, err
	}
	if len(names) == 0 {
		return files{}, fmt.Errorf("%s holds no migrations (*.sql)", path)
	}
	if isUp := func(name string) bool { return strings.HasSuffix(name, ".up.sql") }; slices.ContainsFunc(names, isUp) {
		names = slices.DeleteFunc(names, func(name string) bool { return !isUp(name) })
		slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(version(a), version(b)), strings.Compare(a, b)) })
	}
	all := files{format: plainFiles}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return files{}, err
		}
		if strings.Contains(string(text), "-- +goose Up") {
			all.format = goosed
		}
		all.files = append(all.files, file{name, string(text)})
	}
	return all, nil
}

// version is the number that a file of golang-migrate begins with.
func version(path string) uint64 {
	digits, _, _ := strings.Cut(filepath.Base(path), "_")
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// apply sends each file, as psql and golang-migrate do.
func (all files) apply(ctx context.Context, conn *pgx.Conn) error {
	for _, f := range all.files {
		var err error
		if all.format == dump {
			err = f.restore(ctx, conn)
		} else {
			_, err = conn.PgConn().Exec(ctx, f.text).ReadAll()
			err = f.wrap(err, f.text, 1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// wrap names the line of an error within a text that begins at a line of the file.
func (f file) wrap(err error, text string, line int) error {
	if pg := (*pgconn.PgError)(nil); errors.As(err, &pg) && pg.Position > 0 {
		before := []rune(text)
		line += strings.Count(string(before[:min(int(pg.Position)-1, len(before))]), "\n")
	}
	if err != nil {
		return fmt.Errorf("%s:%d: %w", f.path, line, err)
	}
	return nil
}

var (
	// psqlCommand is a command of psql in a dump, which pg_dump writes since 2025.
	psqlCommand = regexp.MustCompile(`(?m)^\\(restrict|unrestrict|connect)\b.*$`)
	copied      = regexp.MustCompile(`(?i)^COPY\s.*\sFROM\s+stdin$`)
	// access is what says which roles may do something: they need not exist here.
	access = regexp.MustCompile(`(?is)^(GRANT|REVOKE|ALTER\s+DEFAULT\s+PRIVILEGES)\s|^ALTER\s.*\sOWNER\s+TO\s+\S+$`)
	// session is a setting of pg_dump for its own session, which an older server may
	// not know.
	session = regexp.MustCompile(`^SET\s+\w+\s*=`)
	public  = regexp.MustCompile(`^CREATE\s+SCHEMA\s+public$`)
)

// restore sends a dump of pg_dump --schema-only, statement by statement, without
// owners and grants.
func (f file) restore(ctx context.Context, conn *pgx.Conn) error {
	for _, s := range sqltext.Statements(psqlCommand.ReplaceAllString(f.text, "")) {
		switch {
		case copied.MatchString(s.Text):
			return fmt.Errorf("%s:%d: the dump holds rows: write it with pg_dump --schema-only", f.path, s.Line)
		case access.MatchString(s.Text), public.MatchString(s.Text):
			continue
		}
		_, err := conn.PgConn().Exec(ctx, s.Text).ReadAll()
		if err != nil && session.MatchString(s.Text) {
			continue
		}
		if err := f.wrap(err, s.Text, s.Line); err != nil {
			return err
		}
	}
	return nil
}
