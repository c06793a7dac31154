package embedded

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
)

// ClientProgram finds one of PostgreSQL's client programs, such as pg_dump, of a major version
// or newer, and returns its path and its major version. It looks in binDir, or if that is
// empty in the folders of the usual packages and in PATH, and takes the oldest that will
// do: a newer one writes what an older server can't read.
func ClientProgram(ctx context.Context, binDir, name string, major int) (path string, found int, err error) {
	for _, dir := range programFolders(binDir) {
		candidate := filepath.Join(dir, name)
		version := programMajor(ctx, candidate)
		if version >= major && (found == 0 || version < found) {
			path, found = candidate, version
		}
	}
	if found > 0 {
		return path, found, nil
	}
	where := "is installed (a downloaded build of PostgreSQL has none)"
	if binDir != "" {
		where = "is in " + binDir
	}
	return "", 0, fmt.Errorf("no %s of PostgreSQL %d or later %s: install postgresql-client-%d, or name its folder (ROSTER_PG_BIN)",
		name, major, where, major)
}

func programFolders(binDir string) []string {
	if binDir != "" {
		return []string{binDir}
	}
	var all []string
	paths := defaultSearchPaths()
	for _, pattern := range paths.folders {
		dirs, _ := filepath.Glob(pattern) // fails only for a malformed pattern
		all = append(all, dirs...)
	}
	return append(all, paths.path...)
}

// programMajor is the major version of a program; 0 if there is none.
func programMajor(ctx context.Context, path string) int {
	output, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return 0
	}
	match := versionPattern.FindSubmatch(output)
	if match == nil {
		return 0
	}
	major, _ := strconv.Atoi(string(match[2])) // digits
	return major
}
