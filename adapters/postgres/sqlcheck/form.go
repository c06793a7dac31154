package sqlcheck

import (
	"errors"
	"fmt"
	"reflect"
	"sync/atomic"
)

// form is what a query's types say of it, and those of its variants that were
// used.
type form struct {
	name     string
	params   params
	columns  columns
	build    func(n int) (*variant, error) // a variant
	variants []atomic.Pointer[variant]     // nil until first used
}

func newForm(s spec) (*form, error) {
	f := &form{name: s.name}
	f.build = func(n int) (*variant, error) { return trace(&f.params, n, s.built) }
	if s.text != "" {
		f.build = func(int) (*variant, error) { return newTextVariant(&f.params, s.text) }
	}
	var err error
	switch {
	case s.text != "" && s.build != nil:
		return nil, errors.New("it has both Build and Text: remove one")
	case s.text == "" && s.build == nil:
		return nil, errors.New("it has neither Build nor Text: write one")
	}
	f.columns, err = columnsOf(s.row)
	var wrong error
	f.params, wrong = paramsOf(s.params, s.enums)
	if err := errors.Join(err, wrong); err != nil {
		return nil, err
	}
	n := f.params.variants()
	if n > s.most {
		return nil, fmt.Errorf("%d variants are more than %d: take optional or enumerated fields away, "+
			"split the query, or raise MaxVariants", n, s.most)
	}
	f.variants = make([]atomic.Pointer[variant], n)
	return f, nil
}

// built is the text and the arguments that Build makes of parameters. A Build that
// panics is wrong, and no reason for what serves to end.
func (s spec) built(p reflect.Value) (text string, args []any, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("Build panicked: %v", cause)
		}
	}()
	return build(s.build(p))
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
	v, err := f.build(n)
	if err != nil {
		if name := f.params.describe(n); name != "" {
			err = variantError{err, name}
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
	}
	if err := grouped(all); err != nil {
		return nil, err
	}
	return all, checkEffects(&f.params, all)
}
