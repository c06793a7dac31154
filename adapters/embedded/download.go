package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

// release is a build that can be downloaded.
type release struct {
	major   int
	version embeddedpostgres.PostgresVersion
}

// published are the builds to download, the one for new data first.
var published = []release{
	{18, embeddedpostgres.V18},
	{17, embeddedpostgres.V17},
	{16, embeddedpostgres.V16},
	{15, embeddedpostgres.V15},
}

// download returns a build that fits the cluster from the cache folder, and
// gets it there first if need be. A download can't be cut short: when ctx ends
// it goes on in the background until it is done or the process ends.
func download(ctx context.Context, c *cluster, o Options) (build, error) {
	for _, candidate := range published {
		if c.major != 0 && c.major != candidate.major {
			continue
		}
		dir := filepath.Join(o.CacheDir, "postgresql-"+string(candidate.version))
		if err := fetchOnce(ctx, o, dir, candidate); err != nil {
			return build{}, fmt.Errorf("no PostgreSQL is installed, and none could be downloaded: %w: "+
				"install PostgreSQL %d or newer, or set DATABASE_URL", err, oldest)
		}
		return inspect(ctx, c, filepath.Join(dir, "bin"))
	}
	return build{}, fmt.Errorf("%w: no build of PostgreSQL %d, which made the data, is installed or can be downloaded",
		ErrOtherVersion, c.major)
}

// fetchOnce gets a build unless it is there; other processes that want the same
// wait for the first.
func fetchOnce(ctx context.Context, o Options, dir string, r release) error {
	if err := os.MkdirAll(o.CacheDir, 0o755); err != nil {
		return err
	}
	lock, err := os.OpenFile(dir+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	fetched := make(chan error, 1)
	go func() {
		defer lock.Close()
		fetched <- fetchLocked(ctx, o, lock, dir, r)
	}()
	select {
	case err := <-fetched:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func fetchLocked(ctx context.Context, o Options, lock *os.File, dir string, r release) error {
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	o.Logger.InfoContext(ctx, "downloading PostgreSQL", "version", r.version, "cache", o.CacheDir)
	partial := dir + ".partial"
	if err := os.RemoveAll(partial); err != nil {
		return err
	}
	defer os.RemoveAll(partial)
	if err := unpack(o, partial, r); err != nil {
		return err
	}
	return os.Rename(filepath.Join(partial, "build"), dir)
}

// unpack downloads a build and unpacks it into the folder build of partial.
//
// The library does this only on its way to starting a server of its own, which
// can't run as root and wouldn't die with this process. So it is given data
// that no server can start on: it fetches, checks the sum, unpacks, and fails.
// What its pg_ctl then says tells that failure from one of the download.
func unpack(o Options, partial string, r release) error {
	unusable := filepath.Join(partial, "unusable")
	if err := os.MkdirAll(unusable, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(unusable, "PG_VERSION"), []byte(strconv.Itoa(r.major)), 0o600); err != nil {
		return err
	}
	var said bytes.Buffer
	config := embeddedpostgres.DefaultConfig().
		Version(r.version).
		Port(0).
		CachePath(filepath.Join(partial, "archive")).
		RuntimePath(filepath.Join(partial, "runtime")).
		BinariesPath(filepath.Join(partial, "build")).
		DataPath(unusable).
		Logger(&said)
	if o.Repository != "" {
		config = config.BinaryRepositoryURL(o.Repository)
	}
	server := embeddedpostgres.NewDatabase(config)
	err := server.Start()
	http.DefaultClient.CloseIdleConnections() // the library fetches with it
	switch {
	case err == nil:
		return errors.Join(errors.New("the downloaded server started on no data"), server.Stop())
	case said.Len() > 0:
		return nil
	default:
		return err
	}
}
