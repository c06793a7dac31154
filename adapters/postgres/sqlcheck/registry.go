package sqlcheck

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Definition describes a registered query or COPY.
type Definition struct {
	Name     string
	Source   string // file:line of the call of New or NewCopy
	Params   reflect.Type
	Row      reflect.Type
	Variants []Variant // never empty
	Plan     Gate
}

// Variant is one text that a definition may send.
type Variant struct {
	Name string   // the choices that lead to it, like "Owner Sort=name"; "" without choices
	Text string   // with placeholders $1, $2, …
	Args []string // the field of Params behind each placeholder
}

// All lists what is registered, sorted by name. The list is complete once the
// packages that define queries are initialized. It is for tests and tools: it
// builds every variant, once, and panics with all that is wrong with definitions,
// and their places. Test that no definition is:
//
//	for range sqlcheck.All() {
//	}
func All() iter.Seq[Definition] { return registered.all() }

// NameOf is the name of the query or COPY that sends a text. It is found among
// those that were used, so an unused variant's text has no name yet.
func NameOf(text string) (name string, ok bool) {
	found, ok := registered.texts.Load(text)
	if !ok {
		return "", false
	}
	return found.(string), true
}

// registered gets its definitions while packages initialize, and the texts as
// they are built.
var registered registry

type registry struct {
	mu     sync.Mutex
	byName map[string]entry
	texts  sync.Map // of names, by text
}

type entry struct {
	place      place
	definition func() (Definition, error)
}

var validName = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$`)

// register adds what New or NewCopy defines, and panics if it can't.
func register(kind, name string, at place, definition func() (Definition, error)) {
	if err := registered.add(name, at, definition); err != nil {
		panic(at.report(wrap(kind, name, err)))
	}
}

func (r *registry) add(name string, at place, definition func() (Definition, error)) error {
	if !validName.MatchString(name) {
		return errors.New(`a name is lower-case words parted by dots, like "users.list"`)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if other, taken := r.byName[name]; taken {
		return fmt.Errorf("the name is taken by %s", relative(other.place.String()))
	}
	if r.byName == nil {
		r.byName = map[string]entry{}
	}
	r.byName[name] = entry{at, sync.OnceValues(definition)}
	return nil
}

func (r *registry) note(text, name string) { r.texts.LoadOrStore(text, name) }

func (r *registry) all() iter.Seq[Definition] {
	return func(yield func(Definition) bool) {
		if faults := r.faults(); len(faults) > 0 {
			panic(reports(faults))
		}
		r.mu.Lock()
		byName := maps.Clone(r.byName)
		r.mu.Unlock()
		for _, name := range slices.Sorted(maps.Keys(byName)) {
			if d, err := byName[name].definition(); err == nil && !yield(d) { // there are no faults
				return
			}
		}
	}
}

// reports are faults, one a line, as compilers write theirs.
func reports(faults []Fault) string {
	var lines []string
	for _, f := range faults {
		lines = append(lines, fmt.Sprintf("%s: %v", relative(f.Source), wrap(f.kind, f.Name, f.Err)))
	}
	return strings.Join(lines, "\n")
}
