package doctest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../.."

// block is a fenced block of a Markdown file.
type block struct {
	info string // the words after the fence, such as "sh refused"
	line int    // of the fence
	text string
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func blocks(t *testing.T, name string) []block {
	t.Helper()
	found := fenced(read(t, name))
	if len(found) == 0 {
		t.Fatalf("%s has no fenced block", name)
	}
	return found
}

func fenced(text string) []block {
	var found []block
	var open *block
	number := 0
	for line := range strings.Lines(text) {
		number++
		info, fence := strings.CutPrefix(strings.TrimRight(line, "\n"), "```")
		switch {
		case open == nil && fence:
			open = &block{info: info, line: number}
		case open != nil && fence:
			found = append(found, *open)
			open = nil
		case open != nil:
			open.text += line
		}
	}
	return found
}

// only returns the block of docs/operations.md with these words after its fence.
func only(t *testing.T, info string) string {
	t.Helper()
	for _, each := range blocks(t, operations) {
		if each.info == info {
			return each.text
		}
	}
	t.Fatalf("%s has no block marked %q", operations, info)
	return ""
}

func TestFencedBlocksAreRead(t *testing.T) {
	got := fenced("# A\n\n```sh refused\nls\nls -l\n```\ntext\n```json\n{}\n```\n")
	want := []block{{"sh refused", 3, "ls\nls -l\n"}, {"json", 8, "{}\n"}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
