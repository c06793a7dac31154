package doctest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var link = regexp.MustCompile(`\]\(([^)#\s]*)(#[^)\s]+)?\)`)

func TestLinksLeadSomewhere(t *testing.T) {
	for _, name := range documents(t) {
		for _, match := range link.FindAllStringSubmatch(read(t, name), -1) {
			target, heading := match[1], match[2]
			if strings.Contains(target, "://") {
				continue
			}
			path := name
			if target != "" {
				path = filepath.Join(filepath.Dir(name), target)
			}
			if _, err := os.Stat(filepath.Join(root, path)); err != nil {
				t.Errorf("%s: links to %s, which does not exist", name, target)
			} else if heading != "" && !hasHeading(read(t, path), heading[1:]) {
				t.Errorf("%s: links to %s%s, and there is no such heading", name, target, heading)
			}
		}
	}
}

// hasHeading reports whether one of the headings gets the anchor, as GitHub makes it.
func hasHeading(text, anchor string) bool {
	for line := range strings.Lines(text) {
		title, ok := strings.CutPrefix(strings.TrimLeft(strings.TrimSpace(line), "#"), " ")
		made := regexp.MustCompile(`[^\pL\pN -]`).ReplaceAllString(strings.ToLower(title), "")
		if ok && strings.HasPrefix(line, "#") && strings.ReplaceAll(made, " ", "-") == anchor {
			return true
		}
	}
	return false
}
