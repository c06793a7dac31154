//go:build !linux

package backup

import "os/exec"

// runChild runs a command. If this process is killed, the command may go on to its end.
func runChild(command *exec.Cmd) error { return command.Run() }
