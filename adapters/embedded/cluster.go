package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// cluster is PostgreSQL's data in a folder, with the user that owns it.
type cluster struct {
	dir, data string // the folder, and the cluster itself in it
	major     int    // 0: not made yet
	account   account
	password  string
	lock      *lock
}

// openCluster reads the state of the folder, which may be empty.
func openCluster(o Options, lock *lock) (*cluster, error) {
	c := &cluster{dir: o.DataDir, data: filepath.Join(o.DataDir, "cluster"), lock: lock}
	version, err := os.ReadFile(filepath.Join(c.data, "PG_VERSION"))
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	c.major, _ = strconv.Atoi(strings.TrimSpace(string(version)))
	if c.account, err = chooseAccount(c.data, o.User); err != nil {
		return nil, err
	}
	if err := errors.Join(c.account.checkFolder(c.dir), c.account.canEnter(c.dir)); err != nil {
		return nil, err
	}
	c.password, err = c.readPassword()
	return c, err
}

// readPassword returns the superuser's password; a new cluster gets a new one.
//
// A password is the safest method that works everywhere. Peer authentication
// fails when Roster runs as root, since the server runs as another user. Trust
// would admit every process of the same user.
func (c *cluster) readPassword() (string, error) {
	path := filepath.Join(c.dir, "password")
	content, err := os.ReadFile(path)
	switch {
	case err == nil && len(content) > 0:
		return strings.TrimSpace(string(content)), nil
	case err != nil && !os.IsNotExist(err):
		return "", err
	case c.major != 0:
		return "", fmt.Errorf("there is data, but its password file %s is missing or empty: "+
			"restore it from a copy, or choose another folder (ROSTER_DATA)", path)
	}
	password := rand.Text()
	return password, writeDurably(path, password+"\n")
}

// writeDurably writes a file that must survive a loss of power, as the data does.
func writeDurably(path, content string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(content)
	return errors.Join(err, file.Sync(), file.Close())
}

// command runs one of PostgreSQL's programs as the cluster's user. The program
// inherits the folder's lock. Its environment has none of Roster's secrets, and no
// PGDATA or PGPORT that would change its behaviour.
func (c *cluster) command(ctx context.Context, binDir, program string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, filepath.Join(binDir, program), args...)
	command.Dir = c.dir
	command.Env = []string{"LC_ALL=C", "TZ=UTC", "PATH=" + os.Getenv("PATH")}
	command.SysProcAttr = c.account.attributes()
	command.ExtraFiles = []*os.File{c.lock.file}
	command.WaitDelay = 5 * time.Second
	return command
}

// serve starts the server and waits until it takes connections.
func (c *cluster) serve(ctx context.Context, b build, e endpoint, o Options) (*process, error) {
	// The server outlives ctx, which bounds the start.
	command := c.command(context.WithoutCancel(ctx), b.dir, "postgres", c.arguments(e, o)...)
	process, err := launch(command, filepath.Join(c.dir, "server.log"))
	if err != nil {
		return nil, err
	}
	return process, process.awaitReady(ctx, e)
}
