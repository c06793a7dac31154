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
	"sync"
	"sync/atomic"
	"testing"
)

// programsArchive holds the folder bin with a postgres that says it is 18.3,
// and an initdb and a pg_ctl that fail.
//
//go:embed testdata/programs.txz
var programsArchive []byte

// mavenRepository serves one archive for every version, or nothing if jar is nil.
// It counts the requests.
func mavenRepository(t *testing.T, jar []byte) (url string, asked *atomic.Int32) {
	t.Helper()
	asked = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if jar == nil {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(jar)
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

// jarOf packs a compressed tar file as a repository has it.
func jarOf(t *testing.T, txz []byte) []byte {
	t.Helper()
	var jar bytes.Buffer
	archive := zip.NewWriter(&jar)
	file, err := archive.Create("postgres.txz")
	if err == nil {
		_, err = file.Write(txz)
	}
	if err := errors.Join(err, archive.Close()); err != nil {
		t.Fatal(err)
	}
	return jar.Bytes()
}

// knowing are releases of which the archive is known, for every platform.
func knowing(archive []byte) []releases {
	sum := sha256.Sum256(archive)
	digests := map[string]string{platform(): hex.EncodeToString(sum[:])}
	return []releases{{18, "18.3.0", digests}, {16, "16.9.0", digests}, {15, "15.13.0", map[string]string{"plan9-mips": "0"}}}
}

func TestWithoutInstalledProgramsABuildIsDownloadedOnce(t *testing.T) {
	_, o, c := emptyCluster(t)
	jar := jarOf(t, programsArchive)
	repository, asked := mavenRepository(t, jar)
	o.Repository, o.downloads = repository, knowing(jar)
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
	if n := asked.Load(); n != 1 {
		t.Errorf("%d requests", n)
	}
	if left, _ := filepath.Glob(filepath.Join(o.CacheDir, "*.partial")); len(left) > 0 {
		t.Errorf("%q is left", left)
	}
}

func TestAnInterruptedDownloadIsRepeated(t *testing.T) {
	_, o, c := emptyCluster(t)
	jar := jarOf(t, programsArchive)
	o.Repository, _ = mavenRepository(t, jar)
	o.downloads = knowing(jar)
	r, err := releaseFor(o.downloads, 0, platform())
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(o.CacheDir, r.folder()+".partial", "build", "bin", "pg_ctl"), "half")
	if _, err := (searchPaths{}).find(t.Context(), c, o); err != nil {
		t.Error(err)
	}
}

func TestWhatIsDownloadedIsUsedOnlyIfItIsTheKnownBuild(t *testing.T) {
	known := jarOf(t, programsArchive)
	changed := append(bytes.Clone(known), 0)
	cases := map[string]struct {
		served, known []byte
		want          string
	}{
		"a repository without the build":  {nil, known, "404 Not Found: check ROSTER_PG_REPOSITORY"},
		"a build that was tampered with":  {changed, known, "has the SHA-256"},
		"an archive that is too large":    {make([]byte, maxArchive+1), known, "has more than"},
		"an archive that is no ZIP file":  {[]byte("x"), []byte("x"), "unpacking it: zip"},
		"an archive without the programs": {jarOf(t, nil), jarOf(t, nil), "unpacking it: "},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			_, o, c := emptyCluster(t)
			o.Repository, _ = mavenRepository(t, test.served)
			o.downloads = knowing(test.known)
			_, err := searchPaths{}.find(t.Context(), c, o)
			if err == nil {
				t.Fatal("it is used")
			}
			contains(t, err.Error(), test.want, "install PostgreSQL 15 or newer", "DATABASE_URL")
			if left, _ := filepath.Glob(filepath.Join(o.CacheDir, "postgresql-*[^k]")); len(left) > 0 {
				t.Errorf("%q is left", left)
			}
		})
	}
}

func TestWithoutARepositoryNothingIsDownloaded(t *testing.T) {
	_, o, c := emptyCluster(t)
	_, err := searchPaths{}.find(t.Context(), c, o)
	if err == nil {
		t.Fatal("a build is found")
	}
	contains(t, err.Error(), "install PostgreSQL 15 or newer", "DATABASE_URL", "ROSTER_PG_REPOSITORY")
}

func TestTheDownloadFitsTheData(t *testing.T) {
	_, o, c := emptyCluster(t)
	jar := jarOf(t, programsArchive)
	o.Repository, _ = mavenRepository(t, jar)
	o.downloads = knowing(jar)
	c.major = 16
	if _, err := (searchPaths{}).find(t.Context(), c, o); err != nil {
		t.Fatal(err)
	}
	if dirs, _ := filepath.Glob(filepath.Join(o.CacheDir, "postgresql-16.*", "bin")); len(dirs) != 1 {
		t.Errorf("got %q", dirs)
	}
	for _, major := range []int{14, 15} { // unknown, and not for this platform
		c.major = major
		if _, err := (searchPaths{}).find(t.Context(), c, o); !errors.Is(err, ErrOtherVersion) {
			t.Errorf("%d: got %v", major, err)
		}
	}
}

func TestADownloadEndsWithItsContext(t *testing.T) {
	_, o, c := emptyCluster(t)
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	o.Repository = server.URL
	if _, err := (searchPaths{}).find(ctx, c, o); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(o.CacheDir); err != nil {
		t.Error(err)
	}
}

func TestEveryBuildHasADigest(t *testing.T) {
	for _, one := range downloads {
		if one.digests["linux-amd64"] == "" || one.digests["darwin-amd64"] == "" {
			t.Errorf("PostgreSQL %s has no build for usual platforms", one.version)
		}
		for platform, digest := range one.digests {
			if sum, err := hex.DecodeString(digest); err != nil || len(sum) != sha256.Size {
				t.Errorf("%s for %s has the digest %q", one.version, platform, digest)
			}
		}
	}
}
