package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
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
	if err := c.writePassword(partial, passwordFile); err != nil {
		return err
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
		return initdbError(err, strings.TrimSpace(string(output)))
	}
	return nil
}

// writePassword writes the password file for initdb, and gives it and then its folder
// to the account. Before, nobody else can write to the folder.
func (c *cluster) writePassword(folder, path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(c.password)
	if err := errors.Join(err, c.account.give(file), file.Close()); err != nil {
		return err
	}
	return c.account.giveFolder(folder)
}

// initdbError explains why initdb failed.
func initdbError(err error, output string) error {
	if strings.Contains(output, "could not look up effective user ID") {
		const fix = "add the user to /etc/passwd, run Roster as another user, or set DATABASE_URL"
		return fmt.Errorf("initdb: the user %d has no entry in /etc/passwd, and initdb needs one: %s: %w", os.Geteuid(), fix, err)
	}
	return fmt.Errorf("initdb: %w\n%s", err, output)
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
