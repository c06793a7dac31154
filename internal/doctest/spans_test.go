package doctest_test

import (
	"strings"
	"testing"
)

// span is a piece of a document that is set as code: in a line between
// backquotes, or a line of a block, fenced or indented.
type span struct {
	line  int
	text  string
	fence string // the words after the fence, such as "sh"; "`" between backquotes
}

// spans lists what a Markdown text sets as code.
func spans(text string) []span {
	var found []span
	prose := []byte(text)
	line, offset, fence := 0, 0, ""
	inside, apart := false, true // apart: after an empty line, or in an indented block
	for each := range strings.Lines(text) {
		line++
		info, mark := strings.CutPrefix(strings.TrimSpace(each), "```")
		indented := !inside && apart && strings.HasPrefix(each, "    ")
		switch {
		case mark && !inside:
			inside, fence = true, info
		case mark:
			inside = false
		case inside:
			found = append(found, span{line, strings.TrimRight(each, "\n"), fence})
		case indented:
			found = append(found, span{line, strings.TrimSpace(each), "indented"})
		}
		if mark || inside || indented {
			blank(prose[offset : offset+len(each)])
		}
		offset += len(each)
		apart = indented || strings.TrimSpace(each) == ""
	}
	return append(found, quoted(string(prose))...)
}

// blank overwrites all but the end of a line.
func blank(line []byte) {
	for i := range line {
		if line[i] != '\n' {
			line[i] = ' '
		}
	}
}

// quoted lists the spans between backquotes, those over two lines too.
func quoted(text string) []span {
	var found []span
	for at := 0; at < len(text); {
		start := strings.IndexByte(text[at:], '`')
		if start < 0 {
			break
		}
		start += at
		size := len(text[start:]) - len(strings.TrimLeft(text[start:], "`"))
		mark := text[start : start+size]
		length := strings.Index(text[start+size:], mark)
		if length < 0 || strings.Contains(text[start:start+size+length], "\n\n") {
			at = start + size
			continue
		}
		inner := text[start+size : start+size+length]
		line := 1 + strings.Count(text[:start], "\n")
		found = append(found, span{line, strings.Join(strings.Fields(inner), " "), "`"})
		at = start + size + length + size
	}
	return found
}

func TestSpansAreFound(t *testing.T) {
	got := spans("A `b` and ``c`d``.\n\n```sh x\nls `e`\n```\nOver `two\nlines`. A lone ` here.\n\nNot`.\n\n    make\n")
	want := []span{{4, "ls `e`", "sh x"}, {11, "make", "indented"}, {1, "b", "`"}, {1, "c`d", "`"}, {6, "two lines", "`"}}
	if len(got) != len(want) {
		t.Fatalf("got %+v, want %+v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %+v, want %+v", got[i], want[i])
		}
	}
}
