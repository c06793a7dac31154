//go:build profile

package main

import (
	"fmt"
	"os"
	"runtime/pprof"
)

// startProfile writes a CPU profile to the file that ROSTER_CPU_PROFILE names,
// until the returned function is called. Only the build of `make profile` does.
func startProfile() func() {
	path := os.Getenv("ROSTER_CPU_PROFILE")
	if path == "" {
		return func() {}
	}
	file, err := os.Create(path)
	if err == nil {
		err = pprof.StartCPUProfile(file)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "roster: no profile:", err)
		os.Exit(1)
	}
	return func() {
		pprof.StopCPUProfile()
		if err := file.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "roster: the profile:", err)
		}
	}
}
