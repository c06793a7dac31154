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

// downloads are the builds that can be downloaded, the one for new data first.
var downloads = []release{
	{18, embeddedpostgres.V18},
	{17, embeddedpostgres.V17},
	{16, embeddedpostgres.V16},
	{15, embeddedpostgres.V15},
}

// download returns a build for the cluster from the cache folder, and downloads
// it if it is not there. A download can't be cancelled: when ctx ends, it goes on
// in the background until it is done or the process ends.
func download(ctx context.Context, c *cluster, o Options) (build, error) {
	for _, candidate := range downloads {
		if c.major != 0 && c.major != candidate.major {
			continue
		}
		dir := filepath.Join(o.CacheDir, "postgresql-"+string(candidate.version))
		if err := fetchOnce(ctx, o, dir, candidate); err != nil {
			return build{}, fmt.Errorf("no PostgreSQL is installed, and none could be downloaded: %w: "+
				"install PostgreSQL %d or newer, or set DATABASE_URL", err, oldestMajor)
		}
		return inspect(ctx, c, filepath.Join(dir, "bin"))
	}
	return build{}, fmt.Errorf("%w: no build of PostgreSQL %d, which made the data, is installed or can be downloaded",
		ErrOtherVersion, c.major)
}

// fetchOnce downloads a build unless it is in the cache. Other processes that
// want the same build wait for the first one.
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
// The library unpacks a build only when it starts a server itself. That server
// can't run as root and would survive this process. So the library gets data that
// no server can start on: it downloads, checks the checksum, unpacks, and fails.
// Output of its pg_ctl means that the download itself succeeded.
func unpack(o Options, partial string, r release) error {
	unusable := filepath.Join(partial, "unusable")
	if err := os.MkdirAll(unusable, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(unusable, "PG_VERSION"), []byte(strconv.Itoa(r.major)), 0o600); err != nil {
		return err
	}
	var output bytes.Buffer
	config := embeddedpostgres.DefaultConfig().
		Version(r.version).
		Port(0).
		CachePath(filepath.Join(partial, "archive")).
		RuntimePath(filepath.Join(partial, "runtime")).
		BinariesPath(filepath.Join(partial, "build")).
		DataPath(unusable).
		Logger(&output)
	if o.Repository != "" {
		config = config.BinaryRepositoryURL(o.Repository)
	}
	server := embeddedpostgres.NewDatabase(config)
	err := server.Start()
	http.DefaultClient.CloseIdleConnections() // the library downloads with it
	switch {
	case err == nil:
		return errors.Join(errors.New("the downloaded server started on no data"), server.Stop())
	case output.Len() > 0:
		return nil
	default:
		return err
	}
}
