package scratch

import (
	"errors"
	"io/fs"
	"os"
	"testing"
)

func TestFoldersAreInMemoryIfThereIsRoom(t *testing.T) {
	t.Setenv("TMPDIR", "")
	disk := os.TempDir()
	if got := base("/no/such/folder"); got != disk {
		t.Errorf("without memory: %s", got)
	}
	if got := base("/proc"); got != disk { // has no room
		t.Errorf("without room: %s", got)
	}
	roomy := t.TempDir()
	if got := base(roomy); got != roomy {
		t.Errorf("with room: %s", got)
	}
	t.Setenv("TMPDIR", "/chosen")
	if got := base(roomy); got != "/chosen" {
		t.Errorf("with TMPDIR: %s", got)
	}
}

func TestAFolderIsRemoved(t *testing.T) {
	folder, err := New()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder.Path); err != nil {
		t.Fatal(err)
	}
	if err := folder.Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder.Path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is left: %v", err)
	}
}
