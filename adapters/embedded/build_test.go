package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// emptyCluster is an empty data folder, for tests that look for programs.
func emptyCluster(t *testing.T) (dir string, o Options, c *cluster) {
	t.Helper()
	dir = folder(t)
	o, err := in(dir).withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	lock, _, err := acquire(t.Context(), o.DataDir, time.Hour, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lock.release)
	if c, err = openCluster(o, lock); err != nil {
		t.Fatal(err)
	}
	return dir, o, c
}

// programs writes a folder of programs that only print their version.
func programs(t *testing.T, dir, version string) string {
	t.Helper()
	write(t, filepath.Join(dir, "initdb"), "#!/bin/sh\n")
	write(t, filepath.Join(dir, "postgres"), "#!/bin/sh\necho 'postgres (PostgreSQL) "+version+"'\n")
	return dir
}

func TestInstalledProgramsAreFoundInOrder(t *testing.T) {
	dir, o, c := emptyCluster(t)
	linked := programs(t, filepath.Join(dir, "opt", "bin"), "16.2")
	inPath := filepath.Join(dir, "usr", "bin")
	link := filepath.Join(inPath, "initdb")
	if err := errors.Join(os.MkdirAll(inPath, 0o755), os.Symlink(filepath.Join(linked, "initdb"), link)); err != nil {
		t.Fatal(err)
	}
	for _, version := range []string{"15.1", "14.9", "18beta2", "9.6.24"} {
		programs(t, filepath.Join(dir, "lib", version, "bin"), version)
	}
	write(t, filepath.Join(dir, "lib", "half", "bin", "postgres"), "#!/bin/sh\n")
	programs(t, filepath.Join(dir, "lib", "odd", "bin"), "of no number")
	p := searchPaths{path: []string{inPath, linked}, folders: []string{filepath.Join(dir, "lib", "*", "bin"), linked}}
	var got []string
	for _, b := range p.installed(t.Context(), c, o) {
		got = append(got, fmt.Sprint(b.major, " ", b.version))
	}
	want := []string{"16 16.2", "18 18beta2", "16 16.2", "15 15.1"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, not %q", got, want)
	}
}

func TestChoosingAmongInstalledPrograms(t *testing.T) {
	installed := []build{{major: 16}, {major: 18}, {major: 15}}
	for major, want := range map[int]int{0: 16, 15: 15, 18: 18, 17: 16} {
		if got := choose(installed, major).major; got != want {
			t.Errorf("for data of %d: %d, not %d", major, got, want)
		}
	}
}

func TestGivenProgramsAreTheOnlyOnes(t *testing.T) {
	dir, o, c := emptyCluster(t)
	given := filepath.Join(dir, "given")
	cases := []struct{ name, version, want string }{
		{"an empty folder", "", given},
		{"a version that is too old", "14.2", "too old"},
	}
	for _, test := range cases {
		t.Run(test.name+" is refused", func(t *testing.T) {
			if test.version != "" {
				programs(t, given, test.version)
			}
			o.BinDir = given
			b, err := defaultSearchPaths().find(t.Context(), c, o)
			if err == nil {
				t.Fatalf("found %+v", b)
			}
			contains(t, err.Error(), "the folder of PostgreSQL's programs", test.want)
		})
	}
}

func TestNothingIsDownloadedForACancelledStart(t *testing.T) {
	_, o, c := emptyCluster(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	repository, asked := mavenRepository(t, nil)
	o.Repository = repository
	if _, err := defaultSearchPaths().find(ctx, c, o); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("%d downloads", n)
	}
}

func TestLocales(t *testing.T) {
	cases := map[int][]string{15: {"--locale=C.UTF-8", "--locale=C"}, 17: {"--locale-provider=builtin"}, 18: {"--locale-provider=builtin"}}
	for major, want := range cases {
		var got []string
		for _, locale := range (build{major: major}).locales() {
			got = append(got, locale[0])
		}
		if !slices.Equal(got, want) {
			t.Errorf("PostgreSQL %d: %q", major, got)
		}
	}
}
