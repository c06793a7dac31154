package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// StartWhenFree starts a server as Start does. If a process uses the folder briefly, it
// waits for half a minute for its end.
func StartWhenFree(ctx context.Context, options Options) (*Server, error) {
	server, _, err := options.open(ctx, func(o Options) join { return o.await })
	return server, err
}

// StartOrJoin starts a server as Start does, or joins the one that another process
// runs on the same folder. If that process has not shared its server yet, it waits for
// half a minute until it does or ends. One of the results is nil.
func StartOrJoin(ctx context.Context, options Options) (*Server, *Guest, error) {
	return options.open(ctx, func(o Options) join { return o.join })
}

// Guest is the use of a server that another process runs. Call Leave when it is no
// longer needed.
type Guest struct {
	host     int
	endpoint endpoint
	lock     *os.File // of the guests, shared
}

// URL returns the address of a database for pgx and libpq, by the server's socket. It
// contains the superuser's password.
func (g *Guest) URL(database string) string { return g.endpoint.url(database) }

// Host returns the id of the process that runs the server.
func (g *Guest) Host() int { return g.host }

// Answers reports whether the server still accepts connections, or has too many.
func (g *Guest) Answers(ctx context.Context) bool {
	err := g.endpoint.ping(ctx)
	return err == nil || sqlState(err) == "53300" // too_many_connections
}

// Leave says that the server is no longer used.
func (g *Guest) Leave() { _ = g.lock.Close() }

// shared is where to join a server. It stands in the lock file, on the line after the
// process id.
type shared struct {
	Socket string `json:"socket"` // the socket's folder
	Port   int    `json:"port"`
	// Brief is whether the process ends the server soon by itself.
	Brief bool `json:"brief,omitempty"`
}

// Share lets other processes join the server. With brief, StartWhenFree waits for the
// end of this server.
func (s *Server) Share(brief bool) error {
	if err := s.share(brief); err != nil {
		return fmt.Errorf("embedded PostgreSQL in %s: sharing the server: %w", s.dataDir, err)
	}
	return nil
}

// share makes a new file for the lock of the guests: the old one may have guests of an
// earlier server, which has ended.
func (s *Server) share(brief bool) error {
	path := filepath.Join(s.dataDir, guestsName)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	guests, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(guests.Close(), s.lock.announce(shared{s.endpoint.socketDir, s.endpoint.port, brief}))
}

// AwaitGuests lets no more processes join, and waits until those that have joined
// leave, or until ctx ends.
func (s *Server) AwaitGuests(ctx context.Context) error {
	s.lock.conceal()
	guests, err := os.OpenFile(filepath.Join(s.dataDir, guestsName), os.O_RDWR, 0)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) { // the server was not shared
			return nil
		}
		return err
	}
	defer guests.Close()
	return lockFile(ctx, guests)
}

func ownerLine() string { return strconv.Itoa(os.Getpid()) + "\n" }

// announce writes to the lock file where to join the server.
func (l *lock) announce(at shared) error {
	line, err := json.Marshal(at)
	if err != nil {
		return err
	}
	_, err = l.file.WriteAt([]byte(ownerLine()+string(line)+"\n"), 0)
	return err
}

// conceal undoes announce. If it fails, those who join find no server and wait.
func (l *lock) conceal() { _ = l.file.Truncate(int64(len(ownerLine()))) }

// readShared returns the process that shares its server, and where to join that.
func readShared(lockFile string) (host int, at shared, ok bool) {
	content, err := os.ReadFile(lockFile)
	if err != nil {
		return 0, at, false
	}
	pid, line, _ := strings.Cut(string(content), "\n")
	host, err = strconv.Atoi(pid)
	return host, at, err == nil && json.Unmarshal([]byte(line), &at) == nil
}

// errNotShared says that the process that holds the lock shares no server, yet or any more.
var errNotShared = errors.New("the server is not shared")

// await waits for the lock, but not for that of a process which shares its server for long.
func (o Options) await(context.Context) (*Guest, error) {
	if host, at, ok := readShared(filepath.Join(o.DataDir, lockName)); ok && !at.Brief {
		return nil, inUse(host)
	}
	return nil, errNotShared
}

// join joins the server of the process that holds the folder's lock.
func (o Options) join(ctx context.Context) (*Guest, error) {
	lockFile := filepath.Join(o.DataDir, lockName)
	if _, _, ok := readShared(lockFile); !ok {
		return nil, errNotShared
	}
	cluster, err := openCluster(o, nil)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(o.DataDir, guestsName), os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	guest := &Guest{lock: file, endpoint: endpoint{password: cluster.password}}
	if err := guest.enter(ctx, lockFile); err != nil {
		guest.Leave()
		return nil, err
	}
	return guest, nil
}

// enter takes the lock of the guests, and then finds the server: AwaitGuests waits for
// each that sees the server shared while it has the lock.
func (g *Guest) enter(ctx context.Context, lockFile string) error {
	err := syscall.Flock(int(g.lock.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errNotShared
	}
	if err != nil {
		return err
	}
	host, at, ok := readShared(lockFile)
	if !ok || !isAt(g.lock, filepath.Join(filepath.Dir(lockFile), guestsName)) {
		return errNotShared
	}
	g.host, g.endpoint.socketDir, g.endpoint.port = host, at.Socket, at.Port
	err = g.endpoint.ping(ctx)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil || starting(err): // it ends, and its process will say so
		return errNotShared
	}
	return refusal(fmt.Sprintf("the server of process %d", host), err)
}

// isAt reports whether an open file is still the one at a path.
func isAt(file *os.File, path string) bool {
	opened, err1 := file.Stat()
	present, err2 := os.Stat(path)
	return err1 == nil && err2 == nil && os.SameFile(opened, present)
}
