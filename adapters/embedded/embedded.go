// Package embedded runs a PostgreSQL server that belongs to one Roster process:
// for a first run without a DATABASE_URL, and for tests. Other processes of the same
// user may join the server, if its process shares it.
//
// The server's programs are those installed on the machine, or else a downloaded
// build. The data is kept between runs. The server listens on a Unix socket, and
// on a loopback address if asked. It stops with the process that started it, even
// when that process is killed.
//
// Linux and macOS are supported. Windows is not: set DATABASE_URL there.
package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Options are a server's folders and settings. The zero value is a durable server
// in the default folders that listens on a Unix socket only.
type Options struct {
	// DataDir holds the data, the password and the server's log. The default is
	// /var/lib/roster/postgres for root, else roster/postgres in XDG_DATA_HOME.
	DataDir string
	// CacheDir holds downloaded builds. The default is /var/cache/roster for
	// root, else roster in XDG_CACHE_HOME.
	CacheDir string
	// RuntimeDir holds the Unix socket. The default is /var/run/roster for root,
	// else roster in XDG_RUNTIME_DIR; a folder under the system's temporary one
	// where that is unset or its path is too long for a socket.
	RuntimeDir string
	// BinDir holds initdb and postgres. If it is empty, they are looked for in
	// PATH and in the folders of the usual packages, then downloaded.
	BinDir string
	// Repository is the URL of the Maven repository to download a build from. If it is
	// empty, nothing is downloaded.
	Repository string
	// User is the account that PostgreSQL runs as if this process is root's. The
	// default is the owner of the data, then roster or postgres. Others can't set it.
	User string
	// Listen is a loopback address and port to listen on besides the socket; port
	// 0 takes a free one. If it is empty, the server has no TCP port.
	Listen string
	// Settings are PostgreSQL's settings by name. Those for the addresses that
	// the server listens on have no effect.
	Settings map[string]string
	// Volatile makes the server faster and not durable: a crash of the machine may
	// lose the data. It is meant for tests.
	Volatile bool
	// Logger logs downloads, new data folders and starts. Nil logs nothing.
	Logger *slog.Logger

	// lockTimeout is how long to wait for a process that uses the folder, 30 seconds
	// unless set: a server whose Roster was killed writes its buffers to disk, or a
	// server to join is starting.
	lockTimeout time.Duration
	// downloads are the builds that can be downloaded.
	downloads []releases
}

// silentWait is how long a wait for the folder may take before it is logged.
const silentWait = time.Second

// Server is a running PostgreSQL server. Call Stop when it is no longer needed.
type Server struct {
	dataDir  string
	build    build
	endpoint endpoint
	process  *process
	lock     *lock
	stop     func(context.Context) error
}

// Start starts a server and returns once it accepts connections. In a new folder
// it makes the data first. ctx bounds the start only; its end does not stop the
// server later.
//
// It fails if another process runs a server on the same folder, if the data is of
// another major version than the programs, and if the server does not start. In
// the last case the error ends with the last lines of the server's log.
func Start(ctx context.Context, options Options) (*Server, error) {
	server, _, err := options.open(ctx, func(Options) join { return nil })
	return server, err
}

func (o Options) open(ctx context.Context, joining func(Options) join) (*Server, *Guest, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, nil, fmt.Errorf("embedded PostgreSQL: %w", err)
	}
	server, guest, err := o.startOrJoin(ctx, joining(o))
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("embedded PostgreSQL in %s: %w", o.DataDir, err)
	case guest != nil:
		o.Logger.DebugContext(ctx, "PostgreSQL joined", "data", o.DataDir, "process", guest.Host())
	default:
		o.Logger.InfoContext(ctx, "PostgreSQL started",
			"version", server.Version(), "data", o.DataDir, "binaries", server.build.dir)
	}
	return server, guest, nil
}

func (o Options) withDefaults() (Options, error) {
	if err := o.fillFolders(os.Geteuid(), os.Getenv); err != nil {
		return o, err
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.lockTimeout == 0 {
		o.lockTimeout = 30 * time.Second
	}
	if o.downloads == nil {
		o.downloads = downloads
	}
	// Absolute, since a server changes to its data folder.
	for _, path := range []*string{&o.DataDir, &o.CacheDir, &o.RuntimeDir} {
		if *path == "" { // the cache, until it is needed
			continue
		}
		absolute, err := filepath.Abs(*path)
		if err != nil {
			return o, err
		}
		*path = absolute
	}
	return o, nil
}

func (o Options) startOrJoin(ctx context.Context, join join) (*Server, *Guest, error) {
	silent := time.AfterFunc(silentWait, func() {
		o.Logger.WarnContext(ctx, "Waiting for another process that uses the data folder", "data", o.DataDir)
	})
	lock, guest, err := acquire(ctx, o.DataDir, o.lockTimeout, join)
	silent.Stop()
	if err != nil || guest != nil {
		return nil, guest, err
	}
	server, err := start(ctx, o, lock)
	return server, nil, err
}

// start starts a server on a locked folder. If that fails, it releases the lock.
func start(ctx context.Context, o Options, lock *lock) (_ *Server, err error) {
	defer func() {
		if err != nil {
			lock.release()
		}
	}()
	cluster, err := openCluster(o, lock)
	if err != nil {
		return nil, err
	}
	build, err := defaultSearchPaths().find(ctx, cluster, o)
	if err != nil {
		return nil, err
	}
	if err := cluster.ensure(ctx, build, o); err != nil {
		return nil, err
	}
	endpoint, err := cluster.endpoint(o)
	if err != nil {
		return nil, err
	}
	process, err := cluster.serve(ctx, build, endpoint, o)
	if err != nil {
		endpoint.remove()
		return nil, err
	}
	server := &Server{dataDir: o.DataDir, build: build, endpoint: endpoint, process: process, lock: lock}
	server.stop = onceFor(server.shutdown)
	return server, nil
}

// onceFor returns a function whose later calls return the first call's result.
func onceFor(f func(context.Context) error) func(context.Context) error {
	var (
		once sync.Once
		err  error
	)
	return func(ctx context.Context) error {
		once.Do(func() { err = f(ctx) })
		return err
	}
}

// URL returns the address of a database for pgx and libpq: by TCP if the server
// listens on an address, else by its socket. It contains the superuser's password.
func (s *Server) URL(database string) string { return s.endpoint.url(database) }

// DataDir returns the folder that holds the server's data.
func (s *Server) DataDir() string { return s.dataDir }

// Version returns the server's version, such as "15.18".
func (s *Server) Version() string { return s.build.version }

// Done is closed when the server has ended, by Stop or on its own.
func (s *Server) Done() <-chan struct{} { return s.process.done }

// EnsureDatabase creates a database if it does not exist and returns its URL.
func (s *Server) EnsureDatabase(ctx context.Context, name string) (string, error) {
	if err := s.endpoint.createDatabase(ctx, name); err != nil {
		return "", fmt.Errorf("creating the database %s: %w", name, err)
	}
	return s.URL(name), nil
}

// Stop ends the server and waits for it. Open transactions are rolled back and
// connections are closed. If ctx ends first, the server quits at once and recovers
// at its next start; the error says so. A server that had ended on its own is an
// error, too. Later calls return the first call's result.
func (s *Server) Stop(ctx context.Context) error { return s.stop(ctx) }

func (s *Server) shutdown(ctx context.Context) error {
	defer s.lock.release()
	defer s.endpoint.remove()
	s.lock.conceal()
	select {
	case <-s.process.done:
		return fmt.Errorf("PostgreSQL in %s had ended on its own: %w", s.dataDir, s.process.failure())
	default:
	}
	s.process.signal(syscall.SIGINT)
	select {
	case <-s.process.done:
		if !s.process.command.ProcessState.Success() {
			return fmt.Errorf("PostgreSQL in %s did not stop cleanly: %w", s.dataDir, s.process.failure())
		}
		return nil
	case <-ctx.Done():
		s.process.quit()
		return fmt.Errorf("PostgreSQL in %s was made to quit at once and will recover at its next start: %w",
			s.dataDir, context.Cause(ctx))
	}
}
