// Command bench measures what Roster promises of searches and reports, on made-up
// data and a PostgreSQL server of its own, and prints tables for
// docs/benchmarks.md:
//
//	bench -roster bin/roster search [-users 200000] [-queries 100]
//	bench -roster bin/roster report [-users 200000] [-events 1000000]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	program := flag.String("roster", "bin/roster", "the program")
	flag.Parse()
	if err := run(ctx, *program, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, program string, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("say what to measure: search or report")
	}
	program, err := filepath.Abs(program)
	if err != nil {
		return err
	}
	options := flag.NewFlagSet(args[0], flag.ContinueOnError)
	users := options.Int("users", 200_000, "how many users")
	queries := options.Int("queries", 100, "how many queries of each kind")
	events := options.Int("events", 1_000_000, "how many events")
	if err := options.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "search":
		return searchBench(ctx, program, *users, *queries)
	case "report":
		return reportBench(ctx, program, *users, *events)
	}
	return fmt.Errorf("%q can't be measured: say search or report", args[0])
}
