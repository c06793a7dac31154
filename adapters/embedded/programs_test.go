package embedded

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"
)

// repositoryOf makes a Maven repository in a folder, which has one archive for the
// builds of all major versions, and returns its address.
func repositoryOf(t *testing.T, jar []byte, all []releases) string {
	t.Helper()
	dir := t.TempDir()
	for _, one := range all {
		r, err := releaseFor(all, one.major, platform())
		if err != nil {
			continue // there is none for this platform
		}
		write(t, filepath.Join(dir, r.path()), string(jar))
	}
	return (&url.URL{Scheme: "file", Path: dir}).String()
}

func TestARepositoryMayBeAFolder(t *testing.T) {
	_, o, c := emptyCluster(t)
	jar := jarOf(t, programsArchive)
	o.downloads = knowing(jar)
	o.Repository = repositoryOf(t, jar, o.downloads)
	if _, err := (searchPaths{}).find(t.Context(), c, o); err != nil {
		t.Fatal(err)
	}
	_, o, c = emptyCluster(t)
	o.downloads, o.Repository = knowing(jar), "file:///nowhere"
	_, err := searchPaths{}.find(t.Context(), c, o)
	if err == nil {
		t.Fatal("a build is found")
	}
	contains(t, err.Error(), "404 Not Found: check ROSTER_PG_REPOSITORY")
}

func TestADownloadedBuildIsUsedWithoutARepository(t *testing.T) {
	_, o, c := emptyCluster(t)
	jar := jarOf(t, programsArchive)
	o.downloads = knowing(jar)
	o.Repository = repositoryOf(t, jar, o.downloads)
	first, err := searchPaths{}.find(t.Context(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	o.Repository = ""
	if again, err := (searchPaths{}).find(t.Context(), c, o); err != nil || again != first {
		t.Errorf("got %+v and %v", again, err)
	}
	if err := os.Chmod(o.CacheDir, 0o777); err != nil { // others may write to it, which is refused
		t.Fatal(err)
	}
	if _, err := (searchPaths{}).find(t.Context(), c, o); err == nil {
		t.Error("programs that others can replace are used")
	}
}

func TestProgramsAreThoseOfTheMajorVersion(t *testing.T) {
	jar := jarOf(t, programsArchive) // says that it is 18.3
	o := Options{CacheDir: filepath.Join(t.TempDir(), "cache"), downloads: knowing(jar)}
	o.Repository = repositoryOf(t, jar, o.downloads)
	t.Setenv("PATH", "/usr/bin:/bin")
	folder, err := Programs(t.Context(), o, 16)
	if err != nil {
		t.Fatal(err)
	}
	if want, _ := filepath.Glob("/usr/lib/postgresql/16/bin"); len(want) == 0 && filepath.Dir(filepath.Dir(folder)) != o.CacheDir {
		t.Errorf("got %s", folder)
	}
	if _, err := Programs(t.Context(), o, 14); err == nil {
		t.Error("there are programs of PostgreSQL 14")
	}
	if any, err := Programs(t.Context(), o, 0); err != nil || any == "" {
		t.Errorf("got %q and %v", any, err)
	}
}

func TestEachMajorVersionHasAnArtifact(t *testing.T) {
	for _, one := range downloads {
		if one.digests[platform()] == "" {
			continue
		}
		a, err := ArtifactOf(one.major)
		path := filepath.Join("io/zonky/test/postgres", a.Name, a.Version, a.Name+"-"+a.Version+".jar")
		if err != nil || a.Version != one.version || a.Path != path {
			t.Errorf("%+v, %v", a, err)
		}
	}
}
