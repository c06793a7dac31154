package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/embedded/scratch"
)

// urlVariable names a server to test on. Without it, a test process starts its own.
const urlVariable = "ROSTER_TEST_DATABASE_URL"

// majorVariable is the major version that the tests' server must have, if it is set.
const majorVariable = "ROSTER_TEST_MAJOR"

// shared is the server of this test process. It is a variable, since tests share
// nothing but the package.
var shared lazyHost

// lazyHost opens a host, and starts its server, when get is first called.
type lazyHost struct {
	mu     sync.Mutex
	host   *host
	server *embedded.Server // nil: urlVariable names it
	files  *scratch.Folder
}

func (l *lazyHost) get(ctx context.Context) (*host, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.host != nil {
		return l.host, nil
	}
	address := os.Getenv(urlVariable)
	if address == "" && l.server == nil {
		if err := l.start(ctx); err != nil {
			return nil, err
		}
	}
	if l.server != nil {
		address = l.server.URL("postgres")
	}
	host, err := openHost(ctx, address)
	if err != nil {
		return nil, err
	}
	l.host = host
	return host, nil
}

func (l *lazyHost) start(ctx context.Context) error {
	files, err := scratch.New()
	if err != nil {
		return err
	}
	server, err := embedded.Start(ctx, optionsIn(files))
	if err != nil {
		return errors.Join(err, files.Remove())
	}
	l.server, l.files = server, files
	if major := os.Getenv(majorVariable); major != "" && !strings.HasPrefix(server.Version(), major+".") {
		return fmt.Errorf("the tests' PostgreSQL is %s, and %s is %s: put the programs of that version first in PATH",
			server.Version(), majorVariable, major)
	}
	return nil
}

// stop undoes what get did.
func (l *lazyHost) stop(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var err error
	if l.host != nil {
		err = l.host.close(ctx)
	}
	if l.server != nil {
		err = errors.Join(err, l.server.Stop(ctx), l.files.Remove())
	}
	l.host, l.server, l.files = nil, nil, nil
	return err
}

// Main runs a package's tests, then stops their server. The server would end with
// the process, but a search for leaked goroutines must find it stopped:
//
//	func TestMain(m *testing.M) { goleak.VerifyTestMain(pgtest.Main{M: m}) }
type Main struct{ M *testing.M }

// Run runs the tests and returns their exit code, or 1 if stopping the server fails.
func (m Main) Run() int {
	code := m.M.Run()
	if err := errors.Join(poolers.stop(), shared.stop(context.Background())); err != nil {
		fmt.Fprintln(os.Stderr, "stopping the tests' PostgreSQL:", err)
		return max(code, 1)
	}
	return code
}
