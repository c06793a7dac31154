package main

import (
	"context"
	"runtime"
	"runtime/debug"
)

// version is set at link time: -ldflags "-X main.version=v1.2.3".
var version string

// versionCommand prints the version of the program.
type versionCommand struct{}

// Help implements runner.
func (versionCommand) Help() string { return "Examples:\n\n\troster version" }

// Run prints the version.
func (versionCommand) Run(_ context.Context, s *session) error {
	built := readOwnBuild()
	return printf(s.stdout, "roster %s\ncommit %s\n%s %s/%s\n", built.version, built.commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func readOwnBuild() build { return readBuild(debug.ReadBuildInfo()) }

// build is the version and the commit of the program.
type build struct{ version, commit string }

func readBuild(info *debug.BuildInfo, ok bool) build {
	built := build{version: version, commit: "unknown"}
	if !ok {
		info = &debug.BuildInfo{}
	}
	if built.version == "" {
		built.version = info.Main.Version
	}
	if built.version == "" {
		built.version = "(devel)"
	}
	var changed bool
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			built.commit = setting.Value
		case "vcs.modified":
			changed = setting.Value == "true"
		}
	}
	if changed {
		built.commit += " with changes"
	}
	return built
}
