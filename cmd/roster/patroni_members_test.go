//go:build patroni

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// members are the nodes with their roles, as a running Patroni knows them.
type members struct {
	Members []struct{ Name, Role, State string }
}

func (c *patroniCluster) members() (m members) {
	for _, n := range c.nodes {
		got, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/cluster", n.api))
		if err != nil {
			continue
		}
		err = json.NewDecoder(got.Body).Decode(&m)
		if errors.Join(err, got.Body.Close()) == nil {
			return m
		}
	}
	return members{}
}

// leader returns the node that takes writes; nil if there is none.
func (c *patroniCluster) leader() *patroniNode {
	for _, n := range c.nodes {
		got, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/primary", n.api))
		if err != nil {
			continue
		}
		_ = got.Body.Close()
		if got.StatusCode == http.StatusOK {
			return n
		}
	}
	return nil
}

// awaitHealthy waits until all nodes stream, one of them synchronously.
func (c *patroniCluster) awaitHealthy() {
	c.t.Helper()
	began := time.Now()
	for {
		leaders, synchronous, streaming := 0, 0, 0
		m := c.members()
		for _, each := range m.Members {
			switch {
			case each.Role == "leader" && each.State == "running":
				leaders++
			case each.State == "streaming":
				streaming++
				if each.Role == "sync_standby" || each.Role == "quorum_standby" {
					synchronous++
				}
			}
		}
		if leaders == 1 && streaming == patroniNodes-1 && synchronous > 0 {
			return
		}
		if time.Since(began) > 5*time.Minute {
			c.t.Fatalf("the cluster is not healthy: %+v; the logs are in %s", m, c.dir)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// url is the address of a database on the node that takes writes.
func (c *patroniCluster) url(database string) string {
	var hosts []string
	for _, n := range c.nodes {
		hosts = append(hosts, fmt.Sprintf("127.0.0.1:%d", n.port))
	}
	return "postgres://postgres@" + strings.Join(hosts, ",") + "/" + database + "?target_session_attrs=read-write&sslmode=disable"
}

// newDatabase makes a database, and returns its address.
func (c *patroniCluster) newDatabase(name string) string {
	c.t.Helper()
	pgtest.Execute(c.t, pgtest.Connect(c.t, c.url("postgres")), "CREATE DATABASE "+name)
	for _, n := range c.nodes { // the driver asks no other host if one does not know the database
		node := pgtest.Connect(c.t, fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", n.port))
		pgtest.Eventually(c.t, "the database on "+n.name, func() bool {
			return pgtest.Scalar[bool](c.t, node, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name)
		})
	}
	return c.url(name)
}
