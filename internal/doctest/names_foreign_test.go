package doctest_test

import "strings"

// foreignNames are what documents may name though nothing in the repository has
// the name: one a line.
var foreignNames = func() names {
	found := names{}
	for line := range strings.Lines(`
		go mod edit -droptool=github.com/google/wire/cmd/wire && go mod tidy
		METHOD /path/{name}
	`) {
		if line = strings.TrimSpace(line); line != "" {
			found.add(line)
		}
	}
	return found
}()
