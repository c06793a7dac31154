package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// vetPackages lets go vet run this program on packages, and returns the exit
// status.
func vetPackages(ctx context.Context, patterns []string, out, errs io.Writer) int {
	self, err := os.Executable()
	if err != nil {
		fmt.Fprintln(errs, "sqlcheck:", err)
		return failed
	}
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	command := exec.CommandContext(ctx, "go", append([]string{"vet", "-vettool=" + self}, patterns...)...)
	command.Stdout, command.Stderr = out, errs
	err = command.Run()
	if refused := (*exec.ExitError)(nil); errors.As(err, &refused) {
		return findings
	}
	if err != nil {
		fmt.Fprintln(errs, "sqlcheck:", err)
		return failed
	}
	return allWell
}
