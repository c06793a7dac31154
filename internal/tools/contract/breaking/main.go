// Command breaking fails where a contract breaks what it promised when it was
// last released, unless the changelog says so:
//
//	breaking RELEASED PRESENT CHANGELOG
//
// An entry of the changelog under Unreleased that begins with "Breaking:" and
// names the operation ("GET /users") and the rule ("api-removed-without-deprecation")
// admits these changes.
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
		return fmt.Errorf("got %d arguments; give it the released contract, the present one and the changelog", len(args))
	}
	changelog, err := os.ReadFile(args[2])
	if err != nil {
		return err
	}
	changes, err := breaks(args[0], args[1])
	if err != nil {
		return err
	}
	left := unsaid(changes, string(changelog))
	for _, each := range left {
		if _, err := fmt.Fprintln(out, each); err != nil {
			return err
		}
	}
	if len(left) > 0 {
		return fmt.Errorf("%s breaks what %s promises in %d places; undo that, or add an entry to %s under Unreleased, \"- Breaking: ...\", that names the operation and the rule, here %s (%s)",
			args[1], args[0], len(left), args[2], left[0].operation, left[0].rule)
	}
	return nil
}
