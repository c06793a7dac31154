// Command tojson writes a YAML document as JSON with the fields in the same order:
//
//	tojson SOURCE TARGET
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "tojson:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("got %d arguments: pass the source and the target", len(args))
	}
	source, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	target, err := toJSON(source)
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	return os.WriteFile(args[1], target, 0o644)
}
