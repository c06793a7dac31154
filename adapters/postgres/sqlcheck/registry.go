package sqlcheck

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"regexp"
	"runtime"
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
// packages that define queries are initialized.
func All() iter.Seq[Definition] { return registered.all() }

// registered is filled while packages initialize and constant afterwards.
var registered registry

type registry struct {
	mu     sync.Mutex
	byName map[string]Definition
}

var validName = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$`)

func (r *registry) add(d Definition) error {
	if !validName.MatchString(d.Name) {
		return errors.New(`a name is lower-case words parted by dots, like "users.list"`)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if other, taken := r.byName[d.Name]; taken {
		return fmt.Errorf("the name is taken by %s", other.Source)
	}
	if r.byName == nil {
		r.byName = map[string]Definition{}
	}
	r.byName[d.Name] = d
	return nil
}

func (r *registry) all() iter.Seq[Definition] {
	return func(yield func(Definition) bool) {
		r.mu.Lock()
		byName := maps.Clone(r.byName)
		r.mu.Unlock()
		for _, name := range slices.Sorted(maps.Keys(byName)) {
			if !yield(byName[name]) {
				return
			}
		}
	}
}

// caller is the place that called the function which calls it or, if that is a
// function which defines several alike, the package-level variable for which
// it was called.
func caller() string {
	places := make([]uintptr, 32)
	frames := runtime.CallersFrames(places[:runtime.Callers(3, places)])
	direct, more := frames.Next()
	at := direct
	for ; more && !initializes(at); at, more = frames.Next() {
	}
	if !initializes(at) {
		at = direct
	}
	return fmt.Sprintf("%s:%d", at.File, at.Line)
}

// initializes tells whether a function is a package's variables' initialization.
func initializes(f runtime.Frame) bool { return strings.HasSuffix(f.Function, ".init") }
