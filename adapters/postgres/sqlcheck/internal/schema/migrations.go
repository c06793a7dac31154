package schema

import (
	"crypto/sha256"
	"encoding/hex"
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

// Migrations reads the SQL files at a path, in the order in which they are applied.
// It is a folder of one of these kinds, or one file, a dump of the schema:
//
//   - goose: the parts of a file are marked with "-- +goose Up" and "-- +goose Down";
//   - golang-migrate: 1_name.up.sql, beside 1_name.down.sql, in the order of the numbers;
//   - plain files, in the order of their names.
func Migrations(path string) ([]Migration, error) {
	files, err := read(path)
	if err != nil {
		return nil, err
	}
	var all []Migration
	for _, f := range files.files {
		sum := sha256.Sum256([]byte(f.text))
		up, _, _ := strings.Cut(f.text, "-- +goose Down")
		all = append(all, Migration{filepath.Base(f.path), hex.EncodeToString(sum[:16]), comment.ReplaceAllString(up, " ")})
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
