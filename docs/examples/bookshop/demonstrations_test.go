package bookshop

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const manual = "../../sqlcheck.md"

// A block of the manual that begins with ```console holds commands, each behind
// "$ ", with what they print. The commands of a block run in a copy of this
// service, one after the other.
func TestTheManualsDemonstrationsPrintWhatItSays(t *testing.T) {
	text, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "```console\n")[1:]
	if len(blocks) < 2 {
		t.Errorf("%s has %d demonstrations", manual, len(blocks))
	}
	for i, block := range blocks {
		demonstration, _, _ := strings.Cut(block, "```")
		t.Run(fmt.Sprint(i+1), func(t *testing.T) {
			dir := copyOf(t)
			for _, step := range strings.Split("\n"+demonstration, "\n$ ")[1:] {
				command, want, _ := strings.Cut(step, "\n")
				shell := exec.CommandContext(t.Context(), "bash", "-c", command)
				shell.Dir = dir
				out, _ := shell.CombinedOutput() // which says more than the exit status
				if got, want := strings.TrimSpace(string(out)), strings.TrimSpace(want); got != want {
					t.Errorf("%s: $ %s\nprints\n%s\nand not\n%s", manual, command, got, want)
				}
			}
		})
	}
}
