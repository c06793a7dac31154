package vet

import (
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"
)

// Invoked reports, from a program's arguments, whether it is run by
// go vet -vettool.
func Invoked(args []string) bool {
	if len(args) == 0 {
		return false
	}
	last := args[len(args)-1]
	return last == "-V=full" || last == "-flags" || strings.HasSuffix(last, ".cfg")
}

// Main is the main function of a program that go vet invokes. It exits.
func Main() { unitchecker.Main(Analyzer) }
