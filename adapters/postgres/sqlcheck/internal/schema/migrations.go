package schema

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Migration is a file of a folder of migrations.
type Migration struct {
	File string // its name, like "00005_rename.sql"
	Hash string // of its content
	up   string // the part that goes up, without comments
}

// Migrations reads the SQL files of a folder, sorted by name.
func Migrations(folder string) ([]Migration, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.sql"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s holds no migrations (*.sql)", folder)
	}
	var all []Migration
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(text)
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		all = append(all, Migration{filepath.Base(name), hex.EncodeToString(sum[:16]), comment.ReplaceAllString(up, " ")})
	}
	return all, nil
}

var comment = regexp.MustCompile(`--[^\n]*|/\*(?s:.*?)\*/`)

// Change is what a migration says of a column.
type Change struct {
	File    string // of the migration
	Table   string // as it is written, or "" where it drops or adds a table's
	Column  string
	NewName string // "" if the column is dropped
}

var (
	alterTable = regexp.MustCompile(`(?is)\bALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?([\w."]+)\s+([^;]*)`)
	rename     = regexp.MustCompile(`(?is)\bRENAME\s+(?:COLUMN\s+)?("?\w+"?)\s+TO\s+("?\w+"?)`)
	dropped    = regexp.MustCompile(`(?is)\bDROP\s+(?:COLUMN\s+)?(?:IF\s+EXISTS\s+)?("?\w+"?)`)
)

// noColumns are words that follow DROP where no column is dropped.
var noColumns = []string{"CONSTRAINT", "NOT", "DEFAULT", "EXPRESSION", "IDENTITY"}

// Changes finds the columns that the migration renames or drops.
func (m Migration) Changes() []Change {
	var found []Change
	for _, alter := range alterTable.FindAllStringSubmatch(m.up, -1) {
		table := plain(alter[1])
		for _, r := range rename.FindAllStringSubmatch(alter[2], -1) {
			found = append(found, Change{m.File, table, plain(r[1]), plain(r[2])})
		}
		for _, d := range dropped.FindAllStringSubmatch(alter[2], -1) {
			if !slices.Contains(noColumns, strings.ToUpper(d[1])) {
				found = append(found, Change{File: m.File, Table: table, Column: plain(d[1])})
			}
		}
	}
	return found
}

// plain is a name as PostgreSQL keeps it.
func plain(name string) string {
	parts := strings.Split(name, ".")
	for i, p := range parts {
		if q, quoted := strings.CutPrefix(p, `"`); quoted {
			parts[i] = strings.TrimSuffix(q, `"`)
		} else {
			parts[i] = strings.ToLower(p)
		}
	}
	return strings.Join(parts, ".")
}

// Mentions reports whether the migration's way up has the word.
func (m Migration) Mentions(word string) bool {
	return regexp.MustCompile(`(?i)(^|\W)` + regexp.QuoteMeta(word) + `(\W|$)`).MatchString(m.up)
}
