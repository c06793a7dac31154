package snapshot

import (
	"fmt"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// GoType writes a type with the import path before each name, like
// "[]*encoding/json.RawMessage".
func GoType(t reflect.Type) string {
	if t.PkgPath() != "" {
		return t.PkgPath() + "." + t.Name()
	}
	switch t.Kind() {
	case reflect.Pointer:
		return "*" + GoType(t.Elem())
	case reflect.Slice:
		return "[]" + GoType(t.Elem())
	case reflect.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), GoType(t.Elem()))
	}
	return t.String()
}

// qualified is a name with its import path.
var qualified = regexp.MustCompile(`([\w./~-]+)\.(\w+)`)

// imports gathers what a file imports.
type imports struct {
	own    string // the import path of the file itself
	byPath map[string]string
}

// source is a type of GoType as the file says it; false if it can't, as of
// generic types.
func (i *imports) source(goType string) (string, bool) {
	if strings.ContainsAny(goType, ", ") || strings.Count(goType, ".") > 0 && strings.HasSuffix(goType, "]") {
		return "", false
	}
	return qualified.ReplaceAllStringFunc(goType, func(name string) string {
		parts := qualified.FindStringSubmatch(name)
		if parts[1] == i.own {
			return parts[2]
		}
		return i.name(parts[1]) + "." + parts[2]
	}), true
}

var wordless = regexp.MustCompile(`\W`)

// name is the name of an imported package, one of its own.
func (i *imports) name(importPath string) string {
	if name, ok := i.byPath[importPath]; ok {
		return name
	}
	name := wordless.ReplaceAllString(path.Base(importPath), "_")
	for n := 2; i.taken(name); n++ {
		name = fmt.Sprintf("%s%d", wordless.ReplaceAllString(path.Base(importPath), "_"), n)
	}
	i.byPath[importPath] = name
	return name
}

func (i *imports) taken(name string) bool {
	for _, other := range i.byPath {
		if other == name {
			return true
		}
	}
	return false
}

// lines are the import specs, sorted.
func (i *imports) lines() []string {
	var lines []string
	for importPath, name := range i.byPath {
		spec := fmt.Sprintf("%q", importPath)
		if name != path.Base(importPath) {
			spec = name + " " + spec
		}
		lines = append(lines, spec)
	}
	slices.Sort(lines)
	return lines
}
