package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// diskSize is the size of a small disk. A new cluster takes 40 MiB, and its log 16 MiB a
// file.
const diskSize = 160 << 20

// disk is a small file system in memory.
type disk struct {
	t    *testing.T
	path string
}

// newDisk mounts a file system. Only root may mount one for all processes. For other
// users a process with namespaces of its own mounts it, and others reach it by its files in
// /proc.
func newDisk(t *testing.T) *disk {
	t.Helper()
	folder, err := os.MkdirTemp("", "roster-disk-")
	if err != nil {
		t.Fatal(err)
	}
	d := &disk{t, folder}
	size := fmt.Sprintf("size=%d,mode=0755", diskSize)
	if os.Geteuid() == 0 {
		err = syscall.Mount("tmpfs", folder, "tmpfs", 0, size)
		if err != nil {
			t.Fatalf("a small file system for the test: %v: let root mount tmpfs, or run the test as another user", err)
		}
		t.Cleanup(func() {
			if err := syscall.Unmount(folder, 0); err != nil {
				t.Error(err)
			}
			d.remove(folder)
		})
		return d
	}
	t.Cleanup(func() { d.remove(folder) })
	d.path = d.mountApart(folder, size)
	return d
}

// mountApart mounts a file system in namespaces of a process that ends with the test.
func (d *disk) mountApart(folder, options string) (path string) {
	d.t.Helper()
	const script = `mount -t tmpfs -o "$2" tmpfs "$1" && echo mounted && exec cat`
	keeper := exec.Command("unshare", "--user", "--map-current-user", "--keep-caps", "--mount", "sh", "-c", script, "sh", folder, options)
	keeper.Stderr = os.Stderr
	input, err := keeper.StdinPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	output, err := keeper.StdoutPipe()
	if err == nil {
		err = keeper.Start()
	}
	if err != nil {
		d.t.Fatalf("unshare of util-linux 2.38 or later is needed for a small file system: %v", err)
	}
	d.t.Cleanup(func() {
		_ = input.Close()
		_ = keeper.Wait() // the file system ends with the process
	})
	if line, err := bufio.NewReader(output).ReadString('\n'); err != nil || line != "mounted\n" {
		const fix = "allow user namespaces (kernel.unprivileged_userns_clone=1), or run the test as root"
		d.t.Fatalf("a small file system for the test (%q, %v): %s", line, err, fix)
	}
	return filepath.Join("/proc", fmt.Sprint(keeper.Process.Pid), "root", folder)
}

func (d *disk) remove(folder string) {
	if err := os.Remove(folder); err != nil {
		d.t.Error(err)
	}
}

// fill leaves no room, and returns what makes room again.
func (d *disk) fill() (empty func()) {
	d.t.Helper()
	path := filepath.Join(d.path, "filler")
	filler, err := os.Create(path)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = filler.Close() }() // nothing is written
	length := int64(0)
	for step := int64(diskSize); step > 4096; { // other processes take and give room meanwhile
		switch err := syscall.Fallocate(int(filler.Fd()), 0, length, step); {
		case err == nil:
			length += step
		case err == syscall.ENOSPC:
			step /= 2
		default:
			d.t.Fatal(err)
		}
	}
	return func() {
		if err := os.Remove(path); err != nil {
			d.t.Error(err)
		}
	}
}
