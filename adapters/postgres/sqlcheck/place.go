package sqlcheck

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// place is where a definition is: the calls that led to it, which cost more to
// name than to note.
type place []uintptr

// caller is the place that called the function which calls it.
func caller() place {
	calls := make([]uintptr, 32)
	return slices.Clone(calls[:runtime.Callers(3, calls)])
}

// String is the file and line of the call or, if that is in a function which
// defines several alike, of the package-level variable for which it was called.
func (p place) String() string {
	frames := runtime.CallersFrames(p)
	direct, more := frames.Next()
	at := direct
	for ; more && !initializes(at); at, more = frames.Next() {
	}
	if !initializes(at) {
		at = direct
	}
	return fmt.Sprintf("%s:%d", at.File, at.Line)
}

// initializes reports whether a function is a package's variables' initialization.
func initializes(f runtime.Frame) bool { return strings.HasSuffix(f.Function, ".init") }

// report says what is wrong at the place.
func (p place) report(err error) string { return fmt.Sprintf("%s: %v", relative(p.String()), err) }

// relative is a path from the working folder, where that is short.
func relative(path string) string {
	wd, err := os.Getwd()
	if err != nil {
		return path
	}
	short, err := filepath.Rel(wd, path)
	if err != nil || strings.HasPrefix(short, filepath.Join("..", "..", "..")) {
		return path
	}
	return short
}

// wrong says, to what serves, that the definition at the place is wrong.
func (p place) wrong(err error) error {
	return fmt.Errorf("its definition at %v is wrong: %w", p, err)
}
