package doctest_test

import (
	"strings"
	"testing"
)

// A block of Go that names a file after its fence is a part of that file, which is
// compiled and tested.
func TestQuotedGoIsThatOfItsFile(t *testing.T) {
	quotes := 0
	for _, document := range documents(t) {
		for _, each := range fenced(read(t, document)) {
			file, ok := strings.CutPrefix(each.info, "go ")
			if !ok {
				continue
			}
			quotes++
			if !isPart(each.text, read(t, file)) {
				t.Errorf("%s:%d: this is not a part of %s", document, each.line, file)
			}
		}
	}
	if quotes == 0 {
		t.Error("no document quotes Go")
	}
}

// isPart reports whether the lines of a block follow each other in a file, indented
// in any way.
func isPart(block, file string) bool {
	return strings.Contains("\n"+trimmed(file), "\n"+trimmed(block))
}

func trimmed(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimSpace(line) + "\n")
	}
	return b.String()
}

func TestOnlyLinesOfTheFileAreAQuote(t *testing.T) {
	const file = "func f() {\n\tif a {\n\t\tb()\n\t}\n}\n"
	for block, want := range map[string]bool{
		"if a {\n\tb()\n}\n": true, "b()\n": true, "if a {\n}\n": false, "b(1)\n": false, "f() {\n": false,
	} {
		if got := isPart(block, file); got != want {
			t.Errorf("%q: got %v", block, got)
		}
	}
}
