package pgtest

import (
	"os"
	"testing"
)

func TestFoldersAreMadeInMemoryIfTheyMayBe(t *testing.T) {
	t.Setenv("TMPDIR", "")
	disk := os.TempDir()
	if got := scratchBase("/no/such/folder"); got != disk {
		t.Errorf("without memory: %s", got)
	}
	if got := scratchBase("/proc"); got != disk { // has no room
		t.Errorf("without room: %s", got)
	}
	roomy := t.TempDir()
	if got := scratchBase(roomy); got != roomy {
		t.Errorf("with room: %s", got)
	}
	t.Setenv("TMPDIR", "/chosen")
	if got := scratchBase(roomy); got != "/chosen" {
		t.Errorf("with TMPDIR: %s", got)
	}
}

func TestAScratchFolderIsRemoved(t *testing.T) {
	files, err := newScratch()
	if err != nil {
		t.Fatal(err)
	}
	if !exists(files.dir) {
		t.Fatal("there is no folder")
	}
	if err := files.remove(); err != nil {
		t.Fatal(err)
	}
	if exists(files.dir) {
		t.Error("it is left")
	}
}
