package embedded

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// programsArchive holds the folder bin with a postgres that says it is 18.3,
// and an initdb and a pg_ctl that fail.
//
//go:embed testdata/programs.txz
var programsArchive []byte

// mavenRepository serves one build for every version, or nothing if jar is nil.
// It counts the requests.
func mavenRepository(t *testing.T, jar []byte) (url string, asked *atomic.Int32) {
	t.Helper()
	asked = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		sum := sha256.Sum256(programsJar(t))
		switch {
		case jar == nil:
			http.NotFound(w, r)
		case strings.HasSuffix(r.URL.Path, ".sha256"):
			_, _ = w.Write([]byte(hex.EncodeToString(sum[:])))
		default:
			_, _ = w.Write(jar)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

func programsJar(t *testing.T) []byte {
	var jar bytes.Buffer
	archive := zip.NewWriter(&jar)
	file, err := archive.Create("postgres.txz")
	if err == nil {
		_, err = file.Write(programsArchive)
	}
	if err := errors.Join(err, archive.Close()); err != nil {
		t.Error(err)
	}
	return jar.Bytes()
}

func TestWithoutInstalledProgramsABuildIsDownloadedOnce(t *testing.T) {
	_, o, c := emptyCluster(t)
	repository, asked := mavenRepository(t, programsJar(t))
	o.Repository = repository
	var starts sync.WaitGroup
	for range 3 {
		starts.Go(func() {
			b, err := searchPaths{}.find(t.Context(), c, o)
			if err != nil {
				t.Error(err)
			}
			if b.version != "18.3" || filepath.Dir(filepath.Dir(b.dir)) != o.CacheDir {
				t.Errorf("got %+v", b)
			}
		})
	}
	starts.Wait()
	if n := asked.Load(); n != 2 { // the build and its sum
		t.Errorf("%d requests", n)
	}
	if left, _ := filepath.Glob(filepath.Join(o.CacheDir, "*.partial")); len(left) > 0 {
		t.Errorf("%q is left", left)
	}
}

func TestAnInterruptedDownloadIsRepeated(t *testing.T) {
	_, o, c := emptyCluster(t)
	o.Repository, _ = mavenRepository(t, programsJar(t))
	half := filepath.Join(o.CacheDir, "postgresql-"+string(downloads[0].version)+".partial")
	write(t, filepath.Join(half, "build", "bin", "pg_ctl"), "half")
	if _, err := (searchPaths{}).find(t.Context(), c, o); err != nil {
		t.Error(err)
	}
}

func TestDownloadsThatFailNameTheFix(t *testing.T) {
	cases := map[string]struct {
		jar  []byte
		want string
	}{
		"a repository without the build": {nil, "no version found"},
		"a build that was tampered with": {[]byte("not what the sum is of"), "checksums do not match"},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			_, o, c := emptyCluster(t)
			o.Repository, _ = mavenRepository(t, test.jar)
			_, err := searchPaths{}.find(t.Context(), c, o)
			if err == nil {
				t.Fatal("it is used")
			}
			contains(t, err.Error(), test.want, "install PostgreSQL 15 or newer", "DATABASE_URL")
			if dirs, _ := filepath.Glob(filepath.Join(o.CacheDir, "*", "bin")); len(dirs) > 0 {
				t.Errorf("%q is left", dirs)
			}
		})
	}
}

func TestTheDownloadFitsTheData(t *testing.T) {
	_, o, c := emptyCluster(t)
	o.Repository, _ = mavenRepository(t, programsJar(t))
	c.major = 16
	if _, err := (searchPaths{}).find(t.Context(), c, o); err != nil {
		t.Fatal(err)
	}
	if dirs, _ := filepath.Glob(filepath.Join(o.CacheDir, "postgresql-16.*", "bin")); len(dirs) != 1 {
		t.Errorf("got %q", dirs)
	}
	c.major = 14
	_, err := searchPaths{}.find(t.Context(), c, o)
	if !errors.Is(err, ErrOtherVersion) {
		t.Errorf("got %v", err)
	}
}

func TestAStartDoesNotWaitForADownloadBeyondItsContext(t *testing.T) {
	_, o, c := emptyCluster(t)
	ctx, cancel := context.WithCancel(t.Context())
	asked, release := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		<-release
		http.NotFound(w, r)
	}))
	defer server.Close()
	defer close(release)
	o.Repository = server.URL
	go func() {
		<-asked
		cancel()
	}()
	if _, err := (searchPaths{}).find(ctx, c, o); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(o.CacheDir); err != nil {
		t.Error(err)
	}
}
