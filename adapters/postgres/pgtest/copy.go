package pgtest

import (
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/embedded/scratch"
)

// Copy is a base backup of a server, which is to be started as another server.
type Copy struct {
	// Cluster is the folder of the data, for files such as standby.signal.
	Cluster string
	// Options are those of the server.
	Options embedded.Options
}

// Backup makes a base backup of the running server, with pg_basebackup. The program's
// further arguments say how, such as --write-recovery-conf.
func (s *Server) Backup(arguments ...string) *Copy {
	s.t.Helper()
	files, err := scratch.New()
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := files.Remove(); err != nil {
			s.t.Error(err)
		}
	})
	c := &Copy{Options: optionsIn(files)}
	c.Options.Listen = s.options.Listen
	if c.Options.Listen != "" {
		c.Options.Listen = "127.0.0.1:0"
	}
	c.Cluster = filepath.Join(c.Options.DataDir, "cluster")
	if err := os.Mkdir(c.Options.DataDir, 0o711); err != nil {
		s.t.Fatal(err)
	}
	source := s.running.URL("postgres")
	connection := Connect(s.t, source)
	program := filepath.Join(Scalar[string](s.t, connection, "SELECT setting FROM pg_config WHERE name = 'BINDIR'"), "pg_basebackup")
	arguments = append([]string{"--pgdata=" + c.Cluster, "--dbname=" + source, "--checkpoint=fast", "--no-sync"}, arguments...)
	if out, err := exec.CommandContext(s.t.Context(), program, arguments...).CombinedOutput(); err != nil {
		s.t.Fatalf("pg_basebackup: %v\n%s", err, out)
	}
	password, err := os.ReadFile(filepath.Join(s.options.DataDir, "password"))
	if err == nil {
		err = os.WriteFile(filepath.Join(c.Options.DataDir, "password"), password, 0o600)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// StartCopy starts a copy of the server, as the owner of the server's data.
func (s *Server) StartCopy(c *Copy) *Server {
	s.t.Helper()
	owner, err := os.Stat(filepath.Join(s.options.DataDir, "cluster"))
	if err != nil {
		s.t.Fatal(err)
	}
	as := owner.Sys().(*syscall.Stat_t)
	err = filepath.WalkDir(c.Cluster, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || os.Geteuid() != 0 {
			return err
		}
		return os.Lchown(path, int(as.Uid), int(as.Gid))
	})
	if err != nil {
		s.t.Fatal(err)
	}
	copied := &Server{t: s.t, options: c.Options}
	s.t.Cleanup(copied.Stop)
	copied.Start()
	return copied
}

// Standby starts a server that follows this one and can be read.
func (s *Server) Standby() *Server {
	s.t.Helper()
	return s.StartCopy(s.Backup("--write-recovery-conf"))
}

// Promote makes a standby, or a server that is being restored, a primary.
func (s *Server) Promote() {
	s.t.Helper()
	connection := Connect(s.t, s.running.URL("postgres"))
	Execute(s.t, connection, "SELECT pg_promote()")
}

// AwaitPrimary waits until the server, which is being restored, takes writes.
func (s *Server) AwaitPrimary() {
	s.t.Helper()
	connection := Connect(s.t, s.running.URL("postgres"))
	Eventually(s.t, "the end of the recovery", func() bool { return !Scalar[bool](s.t, connection, "SELECT pg_is_in_recovery()") })
}

// Address returns the host and the port that the server listens on.
func (s *Server) Address() (host, port string) {
	s.t.Helper()
	address, err := url.Parse(s.running.URL("postgres"))
	if err != nil {
		s.t.Fatal(err)
	}
	return address.Query().Get("host"), address.Query().Get("port")
}
