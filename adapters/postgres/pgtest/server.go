package pgtest

import (
	"context"
	"net"
	"net/url"
	"testing"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/embedded/scratch"
)

// Server is a PostgreSQL server of one test's own, to stop and start.
type Server struct {
	t       testing.TB
	options embedded.Options
	running *embedded.Server // nil: stopped
}

// StartServer starts a server that ends with the test. change alters its options,
// such as the settings or the address to listen on.
func StartServer(t testing.TB, change ...func(*embedded.Options)) *Server {
	t.Helper()
	files, err := scratch.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := files.Remove(); err != nil {
			t.Error(err)
		}
	})
	s := &Server{t: t, options: optionsIn(files)}
	for _, f := range change {
		f(&s.options)
	}
	t.Cleanup(s.Stop)
	s.Start()
	return s
}

// Start starts the server again after Stop, with its data and its address.
func (s *Server) Start() {
	s.t.Helper()
	if s.running != nil {
		return
	}
	running, err := embedded.Start(s.t.Context(), s.options)
	if err != nil {
		s.t.Fatalf("a PostgreSQL of the test's own: %v", err)
	}
	s.running = running
	if s.options.Listen != "" {
		s.keepPort()
	}
}

// keepPort makes later starts listen on the port that the first one found.
func (s *Server) keepPort() {
	address, err := url.Parse(s.running.URL("postgres"))
	if err != nil {
		s.t.Fatal(err)
	}
	s.options.Listen = net.JoinHostPort(address.Query().Get("host"), address.Query().Get("port"))
}

// Stop ends the server, and the connections to it, until Start.
func (s *Server) Stop() {
	s.t.Helper()
	if s.running == nil {
		return
	}
	running := s.running
	s.running = nil
	if err := running.Stop(context.Background()); err != nil {
		s.t.Error(err)
	}
}

// URL returns the address of a database, and makes the database if it is missing.
// The address stays the same when the server stops and starts.
func (s *Server) URL(database string) string {
	s.t.Helper()
	if s.running == nil {
		s.t.Fatalf("the test's own PostgreSQL is stopped: ask for the address of %s before Stop", database)
	}
	address, err := s.running.EnsureDatabase(s.t.Context(), database)
	if err != nil {
		s.t.Fatal(err)
	}
	return address
}
