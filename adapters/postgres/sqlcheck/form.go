package sqlcheck

import (
	"fmt"
	"sync/atomic"
)

// form is what a query's types say of it, and those of its variants that were
// used.
type form struct {
	name     string
	params   params
	columns  columns
	build    builder
	variants []atomic.Pointer[variant] // nil until first used
}

func newForm(name string, ps params, cols columns, most int, build builder) (*form, error) {
	n := ps.variants()
	if n > most {
		return nil, fmt.Errorf("%d variants are more than %d: take optional or enumerated fields away, "+
			"split the query, or raise MaxVariants", n, most)
	}
	return &form{name: name, params: ps, columns: cols, build: build, variants: make([]atomic.Pointer[variant], n)}, nil
}

// variant is variant n, which may be wrong.
func (f *form) variant(n int) *variant {
	if v := f.variants[n].Load(); v != nil {
		return v
	}
	return f.first(n)
}

// first builds a variant. Who needs it at the same time builds it too, and one
// of the two, which are alike, is kept.
func (f *form) first(n int) *variant {
	v, err := trace(&f.params, n, f.build)
	if err != nil {
		if name := f.params.describe(n); name != "" {
			err = fmt.Errorf("variant %q: %w", name, err)
		}
		v = &variant{err: err}
	} else {
		registered.note(v.text, f.name) // before anybody can send it
	}
	f.variants[n].CompareAndSwap(nil, v)
	return f.variants[n].Load()
}

// enumerate builds every variant and checks that each field has an effect.
func (f *form) enumerate() ([]*variant, error) {
	all := make([]*variant, len(f.variants))
	for n := range all {
		all[n] = f.variant(n)
		if err := all[n].err; err != nil {
			return nil, err
		}
	}
	return all, checkEffects(&f.params, all)
}
