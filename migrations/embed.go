// Package migrations holds the steps that lead to Roster's schema, as plain SQL
// for goose. Each file goes up and down; a file that has been released is never
// changed.
package migrations

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Files are the migrations, named NNNNN_name.sql.
//
//go:embed *.sql
var Files embed.FS

// Migration is one file of Files.
type Migration struct {
	// Version is the number that the file's name starts with.
	Version int64
	// File is the name, such as 00001_directory.sql.
	File string
}

// All lists the migrations by version. The error names a file whose name has
// no number, or one that another file has too.
func All() ([]Migration, error) {
	entries, err := Files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	return number(names)
}

// Newest returns the migration with the highest version. The error is that of All.
func Newest() (Migration, error) {
	all, err := All()
	if err != nil {
		return Migration{}, err
	}
	return all[len(all)-1], nil
}

func number(names []string) ([]Migration, error) {
	all := make([]Migration, len(names))
	for i, name := range names {
		digits, _, _ := strings.Cut(name, "_")
		version, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || version < 1 || len(digits) != 5 {
			return nil, fmt.Errorf("migrations/%s: name the file NNNNN_name.sql, its number from 00001", name)
		}
		all[i] = Migration{version, name}
	}
	slices.SortFunc(all, func(a, b Migration) int { return int(a.Version - b.Version) })
	for i := 1; i < len(all); i++ {
		if all[i].Version == all[i-1].Version {
			return nil, fmt.Errorf("migrations/%s and %s have one number: give the later one the next", all[i-1].File, all[i].File)
		}
	}
	return all, nil
}
