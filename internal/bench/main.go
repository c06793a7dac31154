// Command bench measures what Roster promises of searches and reports, and how
// many requests it answers, on made-up data and a PostgreSQL server of its own,
// and prints tables for docs/benchmarks.md:
//
//	bench -roster bin/roster search [-users 200000] [-queries 100]
//	bench -roster bin/roster report [-users 200000] [-events 1000000]
//	bench -roster bin/roster load [-users 200000] [-events 1000000] [-clients 500] [-seconds 8] [-only get]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
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
		return fmt.Errorf("say what to measure: search, report or load")
	}
	program, err := filepath.Abs(program)
	if err != nil {
		return err
	}
	options := flag.NewFlagSet(args[0], flag.ContinueOnError)
	users := options.Int("users", 200_000, "how many users")
	queries := options.Int("queries", 100, "how many queries of each kind")
	events := options.Int("events", 1_000_000, "how many events")
	clients := options.Int("clients", 500, "how many ask at the same time")
	seconds := options.Int("seconds", 8, "how long they ask for each kind of thing")
	only := options.String("only", "", "ask for this kind of thing alone")
	if err := options.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "search":
		return searchBench(ctx, program, *users, *queries)
	case "report":
		return reportBench(ctx, program, *users, *events)
	case "load":
		return loadBench(ctx, program, *users, *events, *clients, time.Duration(*seconds)*time.Second, *only)
	}
	return fmt.Errorf("%q can't be measured: say search, report or load", args[0])
}
