package schema

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Run runs a command of the service in a folder, with the address of a database in
// DATABASE_URL. The error is a *CommandError unless the command ended well.
func Run(ctx context.Context, dir, address string, command []string) error {
	c := exec.CommandContext(ctx, command[0], command[1:]...)
	c.Dir, c.Env = dir, append(os.Environ(), "DATABASE_URL="+address)
	if out, err := c.CombinedOutput(); err != nil {
		return &CommandError{strings.Join(command, " "), err, strings.TrimSpace(string(out))}
	}
	return nil
}

// CommandError is a command that failed.
type CommandError struct {
	command string
	cause   error
	said    string
}

func (e *CommandError) Error() string { return fmt.Sprintf("%s: %v: %s", e.command, e.cause, e.said) }

func (e *CommandError) Unwrap() error { return e.cause }
