// Command pgbuild prints the folder of PostgreSQL's programs of a major version. It
// downloads them where they are not installed: from ROSTER_PG_REPOSITORY, else by
// Maven, which knows its repositories. Without a version, any that is installed will
// do:
//
//	go run ./internal/pgbuild 17
package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"

	"github.com/roster-directory/roster/adapters/embedded"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	folder, err := programs(ctx, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(folder)
}

func programs(ctx context.Context, args []string) (string, error) {
	major := 0
	if len(args) > 0 {
		var err error
		if major, err = strconv.Atoi(args[0]); err != nil || len(args) > 1 {
			return "", fmt.Errorf("%q is no major version of PostgreSQL: send one, such as 17", args)
		}
	}
	options := embedded.Options{Repository: os.Getenv("ROSTER_PG_REPOSITORY")}
	folder, missing := embedded.Programs(ctx, options, major)
	if missing == nil || options.Repository != "" {
		return folder, missing
	}
	artifact, err := embedded.ArtifactOf(major)
	if err != nil {
		return "", err
	}
	repository, err := os.MkdirTemp("", "roster-maven-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(repository)
	if err := copyByMaven(ctx, artifact, repository); err != nil {
		return "", errors.Join(missing, err)
	}
	options.Repository = (&url.URL{Scheme: "file", Path: repository}).String()
	return embedded.Programs(ctx, options, major)
}

// copyByMaven copies an artifact to the place that a repository in the folder has for
// it. Programs compares it with its digest.
func copyByMaven(ctx context.Context, a embedded.Artifact, folder string) error {
	maven := exec.CommandContext(ctx, "mvn", "--quiet", "--batch-mode", "dependency:copy",
		fmt.Sprintf("-Dartifact=%s:%s:%s:jar", a.Group, a.Name, a.Version),
		"-DoutputDirectory="+filepath.Join(folder, filepath.Dir(a.Path)), "-Dmdep.useBaseVersion=true")
	maven.Stdout, maven.Stderr = os.Stderr, os.Stderr
	if err := maven.Run(); err != nil {
		return fmt.Errorf("downloading PostgreSQL %s by Maven: %w", a.Version, err)
	}
	return nil
}
