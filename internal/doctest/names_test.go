package doctest_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Documents name files, settings, commands, operations of the API, things of the
// database and of Go code. Each must exist.
func TestDocumentsNameOnlyWhatExists(t *testing.T) {
	k := everything(t)
	used := names{}
	for _, document := range documents(t) {
		text := current(document, read(t, document))
		if isSuperseded(text) {
			continue // it tells of its own time
		}
		for _, each := range append(spans(text), loose(text)...) {
			for _, fault := range k.faults(document, each, used) {
				t.Errorf("%s:%d: %s", document, each.line, fault)
			}
		}
	}
	for each := range foreignNames {
		if !used[each] {
			t.Errorf("%q is no longer named in a document: remove it from foreignNames", each)
		}
	}
}

// current is the part of a document that is about the repository as it is: of the
// changelog, what is not yet released.
func current(document, text string) string {
	if document != "CHANGELOG.md" {
		return text
	}
	start := strings.Index(text, "## [Unreleased]")
	if start < 0 {
		return text
	}
	end := strings.Index(text[start+1:], "\n## [")
	if end < 0 {
		return text
	}
	return text[:start+1+end]
}

var (
	linkTarget = regexp.MustCompile(`\]\([^)]*\)`)
	looseName  = regexp.MustCompile(`\bROSTER_[A-Z_]+\b|\b[\w./-]+\.(?:go|sql|md|yaml|json|pgo)\b` +
		`|\broster\.[a-z_]+\b|\b[a-z]+(?:_[a-z0-9]+)+\b`)
)

// loose are the names of settings, files and things of the database in what is not
// set as code.
func loose(text string) []span {
	for _, each := range spans(text) {
		text = strings.Replace(text, each.text, " ", 1)
	}
	var found []span
	line := 0
	for each := range strings.Lines(text) {
		line++
		each = linkTarget.ReplaceAllString(each, "]")
		for _, name := range looseName.FindAllString(each, -1) {
			found = append(found, span{line, name, "`"})
		}
	}
	return found
}

// faults says which names in a span do not exist. Foreign names that stand in it
// are added to used.
func (k *known) faults(document string, s span, used names) []string {
	kind, _, _ := strings.Cut(s.fence, " ")
	var found []string
	add := func(fault string) {
		if fault != "" {
			found = append(found, fault)
		}
	}
	switch kind {
	case "`":
		return k.inline(document, s.text, used)
	case "sh", "console", "indented", "":
		for _, each := range commandsOf(s.text) {
			add(k.command(each))
		}
		add(k.urls(s.text))
	case "sql":
		for _, each := range sqlName.FindAllString(s.text, -1) {
			add(k.sql(each))
		}
	case "go":
		if s.fence != "go" {
			return nil // a part of a file: TestQuotedGoIsThatOfItsFile
		}
		for _, each := range qualified.FindAllString(s.text, -1) {
			add(k.goName(each))
		}
	}
	for _, each := range ownVariable.FindAllString(s.text, -1) {
		add(k.variable(each))
	}
	return found
}

var (
	ownVariable = regexp.MustCompile(`\bROSTER_[A-Z_]*[A-Z]\b`)
	sqlName     = regexp.MustCompile(`\broster\.[a-z_0-9*]+(?:\.[a-z_0-9]+)?`)
	qualified   = regexp.MustCompile(`\b[a-z][a-z0-9]+\.[A-Z]\w*(?:\.[A-Z]\w*)?`)
	operation   = regexp.MustCompile(`^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /\S*$`)
	loneFlag    = regexp.MustCompile(`^--?[a-z][a-z-]*(?:[ =]\S+)?$`)
)

// inline looks at a span within a line.
func (k *known) inline(document, text string, used names) []string {
	if foreignNames[text] {
		used.add(text)
		return nil
	}
	words := strings.Fields(text)
	switch {
	case len(words) == 0:
		return nil
	case words[0] == "make" || programOf(words) != "":
		return nonEmpty(k.command(words))
	case operation.MatchString(text):
		return nonEmpty(k.route(text))
	case strings.HasPrefix(text, "#"):
		return nonEmpty(exists(k.problems, "problem", text[1:]))
	case loneFlag.MatchString(text):
		return nonEmpty(k.flag(words[0]))
	}
	var found []string
	for _, each := range words {
		if foreignNames[each] {
			used.add(each)
		} else if fault := k.token(document, strings.Trim(each, `()[]<>,;:"'`), used); fault != "" {
			found = append(found, fault)
		}
	}
	return found
}

func nonEmpty(fault string) []string {
	return slices.DeleteFunc([]string{fault}, func(each string) bool { return each == "" })
}

func exists(in names, kind, name string) string {
	if in[name] {
		return ""
	}
	return "there is no " + kind + " " + name + in.near(name)
}

// token looks at one word of a span.
func (k *known) token(document, word string, used names) string {
	switch {
	case strings.Contains(word, "://"):
		return k.urls(word)
	case isPath(word):
		return k.path(document, word)
	case fileExtension.MatchString(word):
		if !k.bases[word] && !k.has(document, word) {
			return "there is no file " + word + k.nearPath(word)
		}
		return ""
	case strings.HasPrefix(word, "roster."):
		return k.sql(word)
	}
	for _, each := range qualified.FindAllString(word, -1) {
		if fault := k.goName(each); fault != "" {
			return fault
		}
	}
	if fault := k.dotted(word); fault != "" {
		return fault
	}
	for _, each := range identifier.FindAllString(word, -1) {
		switch {
		case foreignNames[each]:
			used.add(each)
		case ownVariable.MatchString(each):
			return k.variable(each)
		case !k.code[each] && !k.schema.objects[each] && !k.schema.server[each] && !k.variables[each]:
			return "nothing in the code is named " + each + k.code.near(each)
		}
	}
	return ""
}

var (
	fileExtension = regexp.MustCompile(`^[\w*-]+(?:\.[\w-]+)*` +
		`\.(?:go|sql|md|ya?ml|json|pgo|toml|txt|html|css|js|svg|py|tmpl|mod|sum)$`)
	pathLike = regexp.MustCompile(`^[\w.@*{}$~-]*(?:/[\w.@*{}:…-]*)+(?:\?\S*)?$`)
)

func isPath(word string) bool { return pathLike.MatchString(word) && !strings.HasPrefix(word, "//") }

// path looks at a path of the repository, of Go's packages or of the API.
func (k *known) path(document, word string) string {
	own := strings.TrimSuffix(strings.TrimPrefix(word, "./"), "/...")
	first, rest, _ := strings.Cut(own, "/")
	switch {
	case strings.HasPrefix(word, "$"), strings.HasPrefix(word, "~"), own == "..." || own == "":
		return ""
	case strings.HasPrefix(word, "/"):
		if k.folders[own] {
			return ""
		}
		return k.route(word)
	case first == "application" || first == "text" || isStandard(own):
		return ""
	case strings.HasPrefix(own, module+"/"):
		return k.path(document, strings.TrimPrefix(own, module+"/"))
	case strings.Contains(first, ".") && first != "..":
		if k.packages.paths[own] {
			return ""
		}
		return "no code imports " + own + k.packages.paths.near(own)
	case first == "bin":
		return exists(k.code, "command or folder of the Makefile", path.Base(rest))
	case k.has(document, own):
		return ""
	}
	return "there is no " + own + k.nearPath(own)
}

const module = "github.com/roster-directory/roster"

func isSuperseded(text string) bool { return strings.Contains(text, "\n- Status: Superseded by ") }
