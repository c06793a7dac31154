package doctest_test

// foreignNames are what documents may name though nothing in the repository has
// the name.
var foreignNames = func() names {
	found := names{}
	// Others' programs, packages and settings.
	found.add("benchstat", "wrk", "tzdata", "GOGC", "max_prepared_statements")
	// net/http, Kubernetes and units of systemd.
	found.add("SetKeepAlivesEnabled", "preStop", "terminationGracePeriodSeconds", "roster.socket", "roster.service",
		"/etc/roster/environment", "/etc/systemd/system")
	// Roles that docs/operations.md makes.
	found.add("roster_owner", "roster_serve", "roster_read")
	// What a record tells to run or to write once.
	found.add("go mod edit -droptool=github.com/google/wire/cmd/wire && go mod tidy", "METHOD /path/{name}")
	// The TypeScript client.
	found.add("ProblemError")
	return found
}()
