package sqlcheck

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Fault is something wrong with a definition.
type Fault struct {
	Name   string // of the query or COPY
	Source string // file:line, as Definition has it
	Err    error
	// Variants is how many of the variants have it, of Of. Both are 0 if it is about
	// all of them.
	Variants, Of int
	kind         string
}

// Faults lists all that is wrong with what is registered, sorted by name, and field by
// field. All panics with the same.
func Faults() []Fault { return registered.faults() }

func (r *registry) faults() []Fault {
	r.mu.Lock()
	byName := maps.Clone(r.byName)
	r.mu.Unlock()
	var all []Fault
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		_, err := byName[name].definition()
		all = append(all, byName[name].faults(name, err)...)
	}
	return all
}

func (e entry) faults(name string, err error) (all []Fault) {
	if err == nil {
		return nil
	}
	wrong := definitionError{faults: []error{err}}
	errors.As(err, &wrong)
	for _, fault := range wrong.faults {
		f := Fault{Name: name, Source: e.place.String(), Err: fault, kind: wrong.kind}
		if some := (someVariants{}); errors.As(fault, &some) {
			f.Variants, f.Of = some.count, some.of
		}
		all = append(all, f)
	}
	return all
}

// definitionError is what is wrong with one definition.
type definitionError struct {
	kind, name string
	faults     []error
}

// wrongDefinition takes joined errors apart. It is nil for nil.
func wrongDefinition(kind, name string, err error) error {
	if err == nil {
		return nil
	}
	return definitionError{kind, name, apart(err)}
}

func apart(err error) (all []error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	for _, inner := range joined.Unwrap() {
		all = append(all, apart(inner)...)
	}
	return all
}

func (e definitionError) Error() string {
	var texts []string
	for _, fault := range e.faults {
		texts = append(texts, fault.Error())
	}
	return fmt.Sprintf("%s %q: %s", e.kind, e.name, strings.Join(texts, "\n\t"))
}

func (e definitionError) Unwrap() []error { return e.faults }

// someVariants is an error that some of the variants have.
type someVariants struct {
	error
	count, of int
}

func (s someVariants) Unwrap() error { return s.error }

// grouped are the errors of variants: equal ones, which the first variant that has
// them names, are one.
func grouped(variants []*variant) error {
	var texts []string
	var all []someVariants
	for _, v := range variants {
		if v.err == nil {
			continue
		}
		named, inner := variantError{}, v.err
		if errors.As(v.err, &named) {
			inner = named.error
		}
		for _, fault := range apart(inner) {
			if i := slices.Index(texts, fault.Error()); i >= 0 {
				all[i].count++
				continue
			}
			texts = append(texts, fault.Error())
			if named.name != "" {
				fault = variantError{fault, named.name}
			}
			all = append(all, someVariants{fault, 1, len(variants)})
		}
	}
	var errs []error
	for _, some := range all {
		errs = append(errs, some)
	}
	return errors.Join(errs...)
}

// variantError names the variant of an error.
type variantError struct {
	error
	name string
}

func (v variantError) Error() string { return fmt.Sprintf("variant %q: %v", v.name, v.error) }

func (v variantError) Unwrap() error { return v.error }
