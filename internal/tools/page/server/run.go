package server

import "fmt"

// Run is a Reporter for programs that are no tests.
type Run struct{ cleanups []func() }

// failure ends a Run.
type failure struct{ error }

// Program runs f and then what f gave to Cleanup. The error is that of Fatalf.
func Program(name string, f func(*Run)) (err error) {
	r := &Run{}
	defer func() {
		for i := len(r.cleanups) - 1; i >= 0; i-- {
			r.cleanups[i]()
		}
	}()
	defer func() {
		switch fault := recover().(type) {
		case nil:
		case failure:
			err = fmt.Errorf("%s: %w", name, fault.error)
		default:
			panic(fault)
		}
	}()
	f(r)
	return nil
}

// Helper implements Reporter.
func (*Run) Helper() {}

// Fatalf implements Reporter.
func (*Run) Fatalf(format string, args ...any) { panic(failure{fmt.Errorf(format, args...)}) }

// Cleanup implements Reporter.
func (r *Run) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
