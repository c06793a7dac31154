//go:build profile

package main

import (
	"fmt"
	"os"
	"runtime/pprof"
)

// profiled records where the processor's time goes into the file that
// ROSTER_CPU_PROFILE names, until the function that it returns is called. Only
// the program of `make profile` does.
func profiled() func() {
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
