package doctest_test

import (
	"regexp"
	"strings"
)

// programOf is the program that a command runs: make, roster, sqlcheck or "".
func programOf(words []string) string {
	text := strings.Join(words, " ")
	for prefix, name := range map[string]string{
		"make": "make", "roster": "roster", "bin/roster": "roster", "sqlcheck": "sqlcheck", "bin/sqlcheck": "sqlcheck",
		"go tool sqlcheck": "sqlcheck", "go run ./cmd/sqlcheck": "sqlcheck", "go run ./cmd/roster": "roster",
	} {
		if text == prefix || strings.HasPrefix(text, prefix+" ") {
			return name
		}
	}
	return ""
}

var betweenCommands = regexp.MustCompile(`&&|\|\||[|;#]`)

// commandsOf splits a line of shell into commands of words, without variables that
// are set before them.
func commandsOf(line string) [][]string {
	var found [][]string
	line = strings.TrimPrefix(strings.TrimSpace(line), "$ ")
	for _, each := range betweenCommands.Split(line, -1) {
		words := strings.Fields(each)
		for len(words) > 0 && strings.Contains(words[0], "=") {
			words = words[1:]
		}
		if len(words) > 0 {
			found = append(found, words)
		}
	}
	return found
}

// command looks at a command of make, roster or sqlcheck.
func (k *known) command(words []string) string {
	name := programOf(words)
	switch name {
	case "":
		return ""
	case "make":
		for _, each := range words[1:] {
			if !strings.Contains(each, "=") && strings.ToLower(each) == each && !k.targets[each] {
				return "the Makefile has no target " + each + k.targets.near(each)
			}
		}
		return ""
	}
	for words[0] != name && !strings.HasSuffix(words[0], "/"+name) {
		words = words[1:]
	}
	if fault := k.programs[name].check(words[1:]); fault != "" {
		return name + " " + fault
	}
	return ""
}

// flag looks at a flag without its command.
func (k *known) flag(word string) string {
	name, _, _ := strings.Cut(word, "=")
	all := names{}
	var collect func(c *command)
	collect = func(c *command) {
		for each := range c.flags {
			all.add(each)
		}
		for below, each := range c.commands {
			if below != "help" {
				collect(each)
			}
		}
	}
	for _, each := range k.programs {
		collect(each)
	}
	return exists(all, "flag", name)
}

// route looks at a path of the API, with or without its method.
func (k *known) route(text string) string {
	plain, _, _ := strings.Cut(text, "?")
	plain, _, _ = strings.Cut(plain, "#")
	if k.routes[plain] || k.routes[strings.Replace(plain, "HEAD ", "GET ", 1)] {
		return ""
	}
	for each := range k.routes {
		if strings.HasPrefix(each, "/") == strings.HasPrefix(plain, "/") && fits(each, plain) {
			return ""
		}
	}
	return "docs/openapi.yaml has no " + plain + k.routes.near(plain)
}

// fits reports whether a path is one of a route with parameters.
func fits(route, path string) bool {
	want, got := strings.Split(route, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i, each := range want {
		if each != got[i] && (!strings.HasPrefix(each, "{") || got[i] == "") {
			return false
		}
	}
	return true
}

var localURL = regexp.MustCompile(`(?:127\.0\.0\.1:3000|localhost:3000)(/[^\s'"?#]*)`)

// urls looks at addresses of Roster on this machine.
func (k *known) urls(text string) string {
	for _, each := range localURL.FindAllStringSubmatch(text, -1) {
		if fault := k.route(strings.ReplaceAll(each[1], "$", "")); each[1] != "/" && fault != "" {
			return fault
		}
	}
	return ""
}

// variable looks at a variable whose name begins with ROSTER_.
func (k *known) variable(name string) string {
	return exists(k.variables, "setting", name)
}

// sql looks at a name in the schema roster.
func (k *known) sql(name string) string {
	object, column, isColumn := strings.Cut(strings.TrimPrefix(name, "roster."), ".")
	switch prefix, star := strings.CutSuffix(object, "*"); {
	case star:
		for each := range k.schema.objects {
			if strings.HasPrefix(each, prefix) {
				return ""
			}
		}
	case isColumn && k.schema.tables[object][column], !isColumn && k.schema.objects[object]:
		return ""
	}
	return "the schema has no " + name + k.schema.all().near(strings.TrimPrefix(name, "roster."))
}

var column = regexp.MustCompile(`\b([a-z_]+)\.([a-z_0-9]+)\b`)

// dotted looks at a column, a query, or a field or method of a Go type.
func (k *known) dotted(word string) string {
	for _, each := range column.FindAllStringSubmatch(word, -1) {
		columns := k.schema.tables[each[1]]
		if columns != nil && !columns[each[2]] && !k.bases[each[0]+".json"] {
			return "there is no column or query " + each[0] + k.schema.all().near(each[0])
		}
	}
	for _, each := range member.FindAllString(word, -1) {
		of, _, _ := strings.Cut(each, ".")
		if !k.packages.members[each] && k.packages.types[of] {
			return "no type has " + each + k.packages.members.near(each)
		}
	}
	return ""
}

var member = regexp.MustCompile(`\b[A-Z]\w*\.[A-Z]\w*\b`)

// goName looks at a name with its package.
func (k *known) goName(text string) string {
	of, name, _ := strings.Cut(text, ".")
	declared, own := k.packages.packages[of]
	switch {
	case own && declared[name]:
		return ""
	case own && !k.packages.imported[of] || own && k.isOwn(of):
		return "package " + of + " has no " + name + declared.near(name)
	case k.packages.imported[of]:
		return ""
	}
	return "no package is named " + of
}

// isOwn reports whether a package's name is that of one of the repository's folders.
func (k *known) isOwn(name string) bool {
	for each := range k.files {
		if strings.HasSuffix(each, "/"+name) || each == name {
			return true
		}
	}
	return false
}
