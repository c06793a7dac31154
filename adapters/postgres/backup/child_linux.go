package backup

import (
	"os/exec"
	"runtime"
	"syscall"
)

// runChild runs a command that is killed if this process is. The kernel watches the
// thread that started the command, which must not end before it.
func runChild(command *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return command.Run()
}
