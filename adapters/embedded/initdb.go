package embedded

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// ensure makes the cluster if there is none. It is made in a temporary folder and
// then renamed, so that an interrupted start leaves no incomplete cluster.
func (c *cluster) ensure(ctx context.Context, b build, o Options) error {
	if c.major != 0 {
		return nil
	}
	o.Logger.InfoContext(ctx, "making a new data folder", "data", c.dir)
	partial := filepath.Join(c.dir, "cluster.partial")
	if err := os.RemoveAll(partial); err != nil {
		return err
	}
	defer os.RemoveAll(partial)
	if err := c.initialize(ctx, b, partial, o.Volatile); err != nil {
		return err
	}
	return os.Rename(filepath.Join(partial, "data"), c.data)
}

func (c *cluster) initialize(ctx context.Context, b build, partial string, volatile bool) error {
	if err := os.Mkdir(partial, 0o700); err != nil {
		return err
	}
	passwordFile := filepath.Join(partial, "password")
	if err := os.WriteFile(passwordFile, []byte(c.password), 0o600); err != nil {
		return err
	}
	for _, path := range []string{partial, passwordFile} {
		if err := c.account.chown(path); err != nil {
			return err
		}
	}
	var output []byte
	var err error
	for _, locale := range b.locales() {
		args := append([]string{
			"--pgdata=" + filepath.Join(partial, "data"), "--username=" + superuser, "--pwfile=" + passwordFile,
			"--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums", "--no-instructions",
		}, locale...)
		if volatile {
			args = append(args, "--no-sync")
		}
		output, err = c.command(ctx, b.dir, "initdb", args...).CombinedOutput()
		if err == nil || !strings.Contains(string(output), "locale") {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, strings.TrimSpace(string(output)))
	}
	return nil
}

// locales are the arguments of initdb for UTF-8 sorted by code point, the best
// first. PostgreSQL has such a locale built in from version 17 on; before, it
// depended on the system.
func (b build) locales() [][]string {
	if b.major >= 17 {
		return [][]string{{"--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"}}
	}
	return [][]string{{"--locale=C.UTF-8"}, {"--locale=C"}}
}
