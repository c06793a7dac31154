// Command breaking fails if a contract has changes that may break clients of the last
// release, unless the changelog allows them:
//
//	breaking RELEASED CURRENT CHANGELOG
//
// An entry of the changelog under Unreleased allows a change if it begins with
// "Breaking:" and names the operation, such as "GET /users", and the rule, such as
// "api-removed-without-deprecation".
package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "breaking:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("got %d arguments: pass the released contract, the current one and the changelog", len(args))
	}
	changelog, err := os.ReadFile(args[2])
	if err != nil {
		return err
	}
	changes, err := breakingChanges(args[0], args[1])
	if err != nil {
		return err
	}
	left := notAllowed(changes, string(changelog))
	for _, each := range left {
		if _, err := fmt.Fprintln(out, each); err != nil {
			return err
		}
	}
	if len(left) > 0 {
		return fmt.Errorf("%s breaks clients of %s in %d places: undo that, or add an entry to %s under Unreleased, "+
			"\"- Breaking: ...\", that names the operation and the rule, here %s (%s)",
			args[1], args[0], len(left), args[2], left[0].operation, left[0].rule)
	}
	return nil
}
