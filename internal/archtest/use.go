package archtest

import (
	"path"
	"slices"
	"strings"
)

// use is one import of one file.
type use struct {
	file   string
	line   int
	folder string // of the file, in the module
	test   bool   // a _test.go file
	target string // the path imported
	own    string // the target's folder in the module; empty for others' packages
	std    bool
}

func newUse(module, file, target string, line int) use {
	first, _, _ := strings.Cut(target, "/")
	own, inside := strings.CutPrefix(target, module+"/")
	if !inside {
		own = ""
	}
	return use{
		file: file, line: line, folder: path.Dir(file), test: strings.HasSuffix(file, "_test.go"),
		target: target, own: own, std: !strings.Contains(first, "."),
	}
}

func (u use) check() []Violation {
	var found []Violation
	rules := []func(use) (string, string){
		use.outward, use.sibling, use.upward, use.beyondStandard, use.impure, use.confined, use.forTests,
	}
	for _, rule := range rules {
		if what, fix := rule(u); what != "" {
			found = append(found, Violation{File: u.file, Line: u.line, Import: u.target, Rule: what, Fix: fix})
		}
	}
	return found
}

// outward finds imports against the arrows.
func (u use) outward() (rule, fix string) {
	from, to := layerOf(u.folder), layerOf(u.own)
	switch {
	case u.own == "" || to == from || u.test && in(u.own, testsMayImport):
		return "", ""
	case from == "":
		return "the folder is in no layer", "move the code into " + strings.Join(layerNames(), ", ")
	case slices.Contains(mayImport[from], to):
		return "", ""
	case len(mayImport[from]) == 0:
		return from + " imports nothing of Roster's", "move what is needed into " + from + ", or the code that needs it outward"
	}
	return from + " imports only " + strings.Join(mayImport[from], ", ") + " of Roster's layers",
		"put an interface in ports and have cmd pass the implementation in, or move the code that needs it outward"
}

// sibling finds adapters that import one another, and generic ones that import
// anything of Roster's.
func (u use) sibling() (rule, fix string) {
	if layerOf(u.folder) != "adapters" || u.own == "" || u.test && in(u.own, testsMayImport) {
		return "", ""
	}
	if alone, ok := within(u.folder, generic); ok && !under(u.own, alone) {
		return alone + " is generic and imports no other package of Roster's", "pass what it needs in as a value or a function"
	}
	if layerOf(u.own) != "adapters" || familyOf(u.folder) == familyOf(u.own) || anyUnder(u.own, mayAlsoImport[u.folder]) {
		return "", ""
	}
	return "adapters do not import each other", "meet in cmd: it builds both and passes one to the other through a port"
}

// upward finds packages of an adapter that import one above them.
func (u use) upward() (rule, fix string) {
	house := familyOf(u.folder)
	all, ok := floors[house]
	if !ok || familyOf(u.own) != house || u.test || in(u.folder, testSupport) || in(u.own, testSupport) {
		return "", ""
	}
	from, to := floorOf(u.folder, house, all), floorOf(u.own, house, all)
	switch {
	case from < 0:
		return "the package has no floor in " + house, "give it one in internal/archtest/rules.go, above all that it imports"
	case to > from:
		return all[from] + " lies below " + all[to] + " in " + house, "move what both need to a package below them, or pass it in"
	}
	return "", ""
}

// floorOf is the place of a package of a house, -1 if it has none.
func floorOf(folder, house string, all []string) int {
	inside := strings.TrimPrefix(strings.TrimPrefix(folder, house), "/")
	if inside == "" {
		inside = "."
	}
	return slices.IndexFunc(all, func(each string) bool { return under(inside, each) })
}

// beyondStandard finds libraries in packages that take none.
func (u use) beyondStandard() (rule, fix string) {
	if u.std || u.test || u.own == u.folder || !in(u.folder, standardOnly) {
		return "", ""
	}
	return u.folder + " imports the standard library only", "pass in what it needs, or do it in a package above"
}

// impure finds packages that reach outside the process, or pull in others'
// code, in the layers that may not.
func (u use) impure() (rule, fix string) {
	pure, ok := purity[layerOf(u.folder)]
	if !ok || u.test || u.own != "" {
		return "", ""
	}
	switch {
	case !u.std && !slices.Contains(pure.libraries, u.target):
		return pure.says(), "do it in an adapter, behind a port"
	case u.std && anyUnder(u.target, pure.refused) && !in(u.folder, testSupport):
		return u.target + " is not for " + layerOf(u.folder), "do it in an adapter, behind a port"
	}
	return "", ""
}

// confined finds libraries outside the folder that hides them.
func (u use) confined() (rule, fix string) {
	for _, c := range confinement {
		if !under(u.target, c.library) || anyUnder(u.folder, c.folders) || (u.test || in(u.folder, testSupport)) && c.testsToo {
			continue
		}
		where := strings.Join(c.folders, " and ")
		return c.library + " stays in " + where, "call " + c.folders[0] + ", or add to it what is missing"
	}
	return "", ""
}

// forTests finds what only tests need in what ships.
func (u use) forTests() (rule, fix string) {
	if u.test || in(u.folder, testSupport) {
		return "", ""
	}
	if in(u.own, testSupport) || anyUnder(u.target, testPackages) {
		return "only tests import it", "move the code into a _test.go file"
	}
	return "", ""
}

// under reports whether a path is the folder or below it.
func under(name, folder string) bool {
	return name == folder || strings.HasPrefix(name, folder+"/")
}

func anyUnder(name string, folders []string) bool {
	_, ok := within(name, folders)
	return ok
}

func within(name string, folders []string) (string, bool) {
	i := slices.IndexFunc(folders, func(folder string) bool { return under(name, folder) })
	if i < 0 {
		return "", false
	}
	return folders[i], true
}

func in(name string, folders []string) bool { return slices.Contains(folders, name) }

// layerOf is the first folder of a path, if it is a layer's.
func layerOf(folder string) string {
	first, _, _ := strings.Cut(folder, "/")
	if _, ok := mayImport[first]; !ok {
		return ""
	}
	return first
}

// familyOf is the adapter that a folder below adapters belongs to.
func familyOf(folder string) string {
	parts := strings.SplitN(folder, "/", 3)
	return strings.Join(parts[:min(2, len(parts))], "/")
}
