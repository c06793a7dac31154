//go:build patroni

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	osuser "os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/roster-directory/roster/adapters/embedded"
)

const (
	patroniProgram = "../../bin/patroni-4.1.5/bin/patroni"
	etcdProgram    = "../../bin/etcd-server/usr/bin/etcd"
)

// patroniNodes is three, so that writes go on while one node is down.
const patroniNodes = 3

// patroniCluster is PostgreSQL servers that Patroni runs, with one etcd.
type patroniCluster struct {
	t     *testing.T
	dir   string
	nodes [patroniNodes]*patroniNode
}

// patroniNode is a Patroni and its PostgreSQL.
type patroniNode struct {
	name, config, data string
	api, port          int
	command            *exec.Cmd // nil: killed
}

// patroniConfig has verbs for the name, the port of the API, that of etcd, the port of
// PostgreSQL, the folder of the data and that of the programs.
const patroniConfig = `
scope: roster
name: %[1]s
restapi: {listen: "127.0.0.1:%[2]d", connect_address: "127.0.0.1:%[2]d"}
etcd3: {hosts: ["127.0.0.1:%[3]d"]}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 5
    retry_timeout: 5
    synchronous_mode: true
    synchronous_mode_strict: true
    postgresql:
      use_pg_rewind: true
      parameters: {max_connections: 100, shared_buffers: 32MB, fsync: "off"}
  initdb: [{encoding: UTF8}, {locale: C.UTF-8}, data-checksums]
postgresql:
  listen: 127.0.0.1:%[4]d
  connect_address: 127.0.0.1:%[4]d
  data_dir: %[5]s
  bin_dir: %[6]s
  remove_data_directory_on_rewind_failure: true
  remove_data_directory_on_diverged_timelines: true
  pg_hba: ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"]
  authentication:
    superuser: {username: postgres}
    replication: {username: replicator}
    rewind: {username: postgres}
  parameters: {unix_socket_directories: %[7]s}
`

// startPatroni starts the cluster, and waits until it has a leader and a synchronous standby.
func startPatroni(t *testing.T) *patroniCluster {
	t.Helper()
	dir, err := os.MkdirTemp("", "roster-patroni-")
	if err != nil {
		t.Fatal(err)
	}
	c := &patroniCluster{t: t, dir: dir}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	rewind, _, err := embedded.ClientProgram(t.Context(), "", "pg_rewind", 15)
	if err != nil {
		t.Fatal(err)
	}
	etcd := c.startEtcd()
	ports := freePorts(t, 2*patroniNodes)
	for i := range c.nodes {
		n := &patroniNode{name: fmt.Sprintf("node%d", i), api: ports[2*i], port: ports[2*i+1]}
		home := filepath.Join(dir, n.name)
		n.config, n.data = filepath.Join(home, "patroni.yaml"), filepath.Join(home, "data")
		text := fmt.Sprintf(patroniConfig, n.name, n.api, etcd, n.port, n.data, filepath.Dir(rewind), home)
		if err := errors.Join(os.Mkdir(home, 0o700), os.WriteFile(n.config, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
		c.nodes[i] = n
	}
	c.giveAll()
	for _, n := range c.nodes {
		c.start(n)
	}
	t.Cleanup(func() {
		for _, n := range c.nodes {
			c.kill(n)
		}
	})
	c.awaitHealthy()
	return c
}

// startEtcd returns the port for clients.
func (c *patroniCluster) startEtcd() int {
	c.t.Helper()
	ports := freePorts(c.t, 2)
	client, peer := fmt.Sprintf("http://127.0.0.1:%d", ports[0]), fmt.Sprintf("http://127.0.0.1:%d", ports[1])
	command := exec.Command(etcdProgram, "--data-dir", filepath.Join(c.dir, "etcd"), "--listen-client-urls", client,
		"--advertise-client-urls", client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
		"--initial-cluster", "default="+peer, "--unsafe-no-fsync", "--logger", "zap", "--log-level", "error")
	if err := command.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		_ = command.Process.Kill() // it may have ended
		_ = command.Wait()
	})
	return ports[0]
}

// account is the user that PostgreSQL runs as if this process is root's; nil for this user.
func (c *patroniCluster) account() *syscall.Credential {
	c.t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	found, err := osuser.Lookup("postgres")
	if err != nil {
		c.t.Fatal(err)
	}
	uid, err1 := strconv.ParseUint(found.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(found.Gid, 10, 32)
	if err := errors.Join(err1, err2); err != nil {
		c.t.Fatal(err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

// giveAll gives the folders of the nodes to the account.
func (c *patroniCluster) giveAll() {
	c.t.Helper()
	account := c.account()
	if account == nil {
		return
	}
	if err := os.Chmod(c.dir, 0o711); err != nil {
		c.t.Fatal(err)
	}
	for _, n := range c.nodes {
		for _, path := range []string{filepath.Dir(n.config), n.config} {
			if err := os.Chown(path, int(account.Uid), int(account.Gid)); err != nil {
				c.t.Fatal(err)
			}
		}
	}
}

func (c *patroniCluster) start(n *patroniNode) {
	c.t.Helper()
	log, err := os.OpenFile(filepath.Join(c.dir, n.name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		c.t.Fatal(err)
	}
	defer log.Close()
	program, site := c.patroni()
	n.command = exec.Command(program[0], append(program[1:], n.config)...)
	n.command.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "PYTHONPATH=" + site}
	n.command.Dir, n.command.Stdout, n.command.Stderr = "/", log, log
	n.command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: c.account()}
	if err := n.command.Start(); err != nil {
		c.t.Fatal(err)
	}
}

// patroni returns the command that runs Patroni, and where Python looks for packages. If
// this process is root's, the account may not be able to enter the folders of Patroni and
// of its Python: then the system's Python runs a copy.
func (c *patroniCluster) patroni() (program []string, site string) {
	c.t.Helper()
	path, err := filepath.Abs(patroniProgram)
	if err != nil {
		c.t.Fatal(err)
	}
	if c.account() == nil {
		return []string{path}, ""
	}
	packages, err := filepath.Glob(filepath.Join(filepath.Dir(path), "../lib/python3*/site-packages"))
	if err != nil || len(packages) != 1 {
		c.t.Fatalf("the packages of Patroni are in %v, %v", packages, err)
	}
	site = filepath.Join(c.dir, "site")
	if _, err := os.Stat(site); err != nil {
		if err := os.CopyFS(site, os.DirFS(packages[0])); err != nil {
			c.t.Fatal(err)
		}
	}
	return []string{"/usr/bin/python3", "-m", "patroni"}, site
}
