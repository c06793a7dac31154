package embedded

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// maxArchive is the largest archive to download, in bytes: twice the largest of the
// builds.
const maxArchive = 80 << 20

// responseTimeout is how long a repository may take to begin its response.
const responseTimeout = 30 * time.Second

// download returns a build for the cluster from the cache folder, and downloads
// it if it is not there.
func download(ctx context.Context, c *cluster, o Options) (build, error) {
	r, err := releaseFor(o.downloads, c.major, platform())
	if err != nil {
		return build{}, err
	}
	if o.Repository == "" && !o.cached(r) {
		return build{}, fmt.Errorf("no PostgreSQL is installed: install PostgreSQL %d or newer, or set DATABASE_URL, "+
			"or let ROSTER_PG_REPOSITORY name the Maven repository to download PostgreSQL %s from", oldestMajor, r.version)
	}
	if err := o.fillCache(os.Geteuid(), os.Getenv); err != nil {
		return build{}, err
	}
	dir := filepath.Join(o.CacheDir, r.folder())
	if err := fetchOnce(ctx, o, dir, r); err != nil {
		return build{}, fmt.Errorf("no PostgreSQL is installed, and PostgreSQL %s could not be downloaded: %w: "+
			"install PostgreSQL %d or newer, or set DATABASE_URL", r.version, err, oldestMajor)
	}
	return inspect(ctx, c, filepath.Join(dir, "bin"))
}

// cached reports whether the cache folder has a build.
func (o Options) cached(r release) bool {
	if o.fillCache(os.Geteuid(), os.Getenv) != nil {
		return false
	}
	_, err := os.Stat(filepath.Join(o.CacheDir, r.folder()))
	return err == nil
}

// platform is the name that the builds have for this system.
func platform() string {
	name := runtime.GOOS + "-" + runtime.GOARCH
	if runtime.GOARCH == "arm64" {
		name += "v8"
	}
	if _, err := os.Stat("/etc/alpine-release"); err == nil {
		name += "-alpine"
	}
	return name
}

// fetchOnce downloads a build unless it is in the cache. Other processes that
// want the same build wait for the first one.
func fetchOnce(ctx context.Context, o Options, dir string, r release) error {
	// A user who can write to it can replace the programs.
	if err := privateFolder(o.CacheDir, 0o755); err != nil {
		return err
	}
	lock, err := os.OpenFile(dir+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := lockFile(ctx, lock); err != nil {
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
	if err := os.Mkdir(partial, 0o755); err != nil {
		return err
	}
	archive := filepath.Join(partial, "archive.jar")
	if err := fetch(ctx, o.Repository, archive, r); err != nil {
		return err
	}
	if err := unpack(archive, filepath.Join(partial, "build")); err != nil {
		return fmt.Errorf("unpacking it: %w", err)
	}
	return os.Rename(filepath.Join(partial, "build"), dir)
}

// fetch downloads the archive of a build, and refuses one that is not the build that
// Roster was made with.
func fetch(ctx context.Context, repository, file string, r release) (err error) {
	address, err := url.JoinPath(repository, r.path())
	if err != nil {
		return fmt.Errorf("ROSTER_PG_REPOSITORY: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("ROSTER_PG_REPOSITORY: %w", err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = responseTimeout
	transport.RegisterProtocol("file", http.NewFileTransport(http.Dir("/")))
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s: check ROSTER_PG_REPOSITORY", request.URL.Redacted(), response.Status)
	}
	to, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(to, sum), io.LimitReader(response.Body, maxArchive+1))
	switch digest := hex.EncodeToString(sum.Sum(nil)); {
	case err != nil:
		return err
	case size > maxArchive:
		return fmt.Errorf("%s has more than %d bytes, and is not used", request.URL.Redacted(), maxArchive)
	case digest != r.digest:
		return fmt.Errorf("%s has the SHA-256 %s and not %s, which this Roster knows; it is not used", request.URL.Redacted(), digest, r.digest)
	}
	return nil
}
