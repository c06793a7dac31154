package tool

import (
	"context"
	"errors"
	"os"
	"os/exec"
)

// vetPackages lets go vet run this program on packages.
func vetPackages(ctx context.Context, args []string, p printer) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{"./..."}
	}
	command := exec.CommandContext(ctx, "go", append([]string{"vet", "-vettool=" + self}, args...)...)
	command.Stdout, command.Stderr = p.out, p.errs
	err = command.Run()
	if refused := (*exec.ExitError)(nil); errors.As(err, &refused) {
		return errFindings // go vet printed them
	}
	return err
}
