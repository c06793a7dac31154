package embedded

import (
	"context"
	"fmt"
	"os"
)

// Artifact is a build of PostgreSQL in a Maven repository, of which Roster knows the
// digest.
type Artifact struct {
	Group, Name, Version string
	// Path is where a repository has the archive.
	Path string
}

// ArtifactOf returns the build of a major version for this system; 0 is the major
// version of new data.
func ArtifactOf(major int) (Artifact, error) {
	r, err := releaseFor(downloads, major, platform())
	return Artifact{group, r.artifact(), r.version, r.path()}, err
}

// Programs returns the folder of the programs of a major version: installed ones,
// else a downloaded build. 0 is any version that is installed, else that of new data.
// Of the options, the cache, the repository and the logger have an effect.
func Programs(ctx context.Context, options Options, major int) (folder string, err error) {
	o, err := options.withDefaults()
	if err != nil {
		return "", fmt.Errorf("programs of PostgreSQL: %w", err)
	}
	// The programs only print their version, which they do for root, too.
	c := &cluster{dir: os.TempDir(), major: major, lock: new(lock)}
	for _, b := range defaultSearchPaths().installed(ctx, c, o) {
		if major == 0 || b.major == major {
			return b.dir, nil
		}
	}
	b, err := download(ctx, c, o)
	if err != nil {
		return "", fmt.Errorf("programs of PostgreSQL: %w", err)
	}
	return b.dir, nil
}
