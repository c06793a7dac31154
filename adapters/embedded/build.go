package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// oldestMajor is the oldest major version of PostgreSQL that Roster works with.
const oldestMajor = 15

// build is a set of PostgreSQL's programs.
type build struct {
	dir     string // holds initdb and postgres
	version string // such as "15.18"
	major   int
}

// searchPaths are the folders where installed builds are looked for.
type searchPaths struct {
	path    []string // folders of PATH, looked at first
	folders []string // patterns of folders where packages install builds
}

func defaultSearchPaths() searchPaths {
	return searchPaths{
		path: filepath.SplitList(os.Getenv("PATH")),
		folders: []string{
			"/usr/lib/postgresql/*/bin",
			"/usr/pgsql-*/bin",
			"/opt/homebrew/opt/postgresql*/bin",
			"/usr/local/opt/postgresql*/bin",
			"/usr/local/pgsql/bin",
		},
	}
}

// find returns the build to run a cluster with: from binDir if that is given,
// else an installed one, else a downloaded one.
func (p searchPaths) find(ctx context.Context, c *cluster, o Options) (build, error) {
	if o.BinDir != "" {
		b, err := inspect(ctx, c, o.BinDir)
		if err != nil {
			return build{}, fmt.Errorf("the folder of PostgreSQL's programs: %w", err)
		}
		return b, c.checkMajor(b)
	}
	if installed := p.installed(ctx, c, o); len(installed) > 0 {
		b := choose(installed, c.major)
		return b, c.checkMajor(b)
	}
	if err := ctx.Err(); err != nil { // why none could be inspected
		return build{}, err
	}
	return download(ctx, c, o)
}

// installed lists the usable builds: those of PATH, then the newest major first.
func (p searchPaths) installed(ctx context.Context, c *cluster, o Options) []build {
	var found, packaged []build
	for _, dir := range p.path {
		for _, program := range []string{"postgres", "initdb"} {
			// A link in PATH leads to the folder that holds all the programs.
			if target, err := filepath.EvalSymlinks(filepath.Join(dir, program)); err == nil {
				found = appendUsable(ctx, found, c, o, filepath.Dir(target))
			}
		}
	}
	for _, pattern := range p.folders {
		dirs, _ := filepath.Glob(pattern) // fails only for a malformed pattern
		for _, dir := range dirs {
			packaged = appendUsable(ctx, packaged, c, o, dir)
		}
	}
	slices.SortStableFunc(packaged, func(a, b build) int { return b.major - a.major })
	return append(found, packaged...)
}

func appendUsable(ctx context.Context, builds []build, c *cluster, o Options, dir string) []build {
	if slices.ContainsFunc(builds, func(b build) bool { return b.dir == dir }) {
		return builds
	}
	b, err := inspect(ctx, c, dir)
	if err != nil {
		o.Logger.InfoContext(ctx, "PostgreSQL skipped", "binaries", dir, "reason", err)
		return builds
	}
	return append(builds, b)
}

// choose returns the build of the data's major version, or else the first one.
// major is 0 if there is no data.
func choose(installed []build, major int) build {
	fits := func(b build) bool { return b.major == major }
	if i := slices.IndexFunc(installed, fits); i >= 0 {
		return installed[i]
	}
	return installed[0]
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) ((\d+)\S*)`)

// inspect asks the programs in a folder for their version. It runs them as the
// cluster's user, who may lack the permission.
func inspect(ctx context.Context, c *cluster, dir string) (build, error) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return build{}, err
	}
	output, err := c.command(ctx, dir, "postgres", "--version").Output()
	if err != nil {
		return build{}, fmt.Errorf("%s: %w", filepath.Join(dir, "postgres"), err)
	}
	match := versionPattern.FindSubmatch(output)
	if match == nil {
		return build{}, fmt.Errorf("%s prints no version: %q", filepath.Join(dir, "postgres"), output)
	}
	b := build{dir: dir, version: string(match[1])}
	if b.major, err = strconv.Atoi(string(match[2])); err != nil {
		return build{}, err
	}
	if b.major < oldestMajor {
		return build{}, fmt.Errorf("PostgreSQL %s in %s is too old: install %d or newer", b.version, dir, oldestMajor)
	}
	return b, nil
}

// ErrOtherVersion is the cause of a Start that failed because the data is of
// another major version of PostgreSQL than the programs.
var ErrOtherVersion = errors.New("PostgreSQL of another major version")

// checkMajor returns an error if the build can't read the cluster's data.
func (c *cluster) checkMajor(b build) error {
	if c.major == 0 || c.major == b.major {
		return nil
	}
	return fmt.Errorf("%w: the data is of PostgreSQL %d, the programs in %s are of %s: "+
		"install PostgreSQL %d, or convert the data with pg_upgrade, or choose another folder (ROSTER_DATA)",
		ErrOtherVersion, c.major, b.dir, b.version, c.major)
}
