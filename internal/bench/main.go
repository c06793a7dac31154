// Command bench measures searches, reports and the throughput of requests, on
// generated data and its own PostgreSQL server. It prints tables for
// docs/benchmarks.md:
//
//	bench -roster bin/roster search [-users 200000] [-queries 100]
//	bench -roster bin/roster report [-users 200000] [-events 1000000]
//	bench -roster bin/roster neighbours [-users 200000] [-clients 16] [-seconds 4] [-only OFFENDER]
//	bench -roster bin/roster overload [-users 200000] [-events 1000000] [-seconds 8] [-only report]
//	bench -roster bin/roster erasure [-users 200000] [-events 2000000] [-clients 16] [-seconds 20]
//	bench -roster bin/roster load [-users 200000] [-events 1000000] [-clients 500] [-seconds 8] [-only get]
package main

import (
	"context"
	"errors"
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
	program := flag.String("roster", "bin/roster", "path of the program")
	flag.Parse()
	if err := run(ctx, *program, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, program string, args []string) error {
	if len(args) == 0 {
		return errors.New("missing command: use search, report, load, overload, neighbours or erasure")
	}
	program, err := filepath.Abs(program)
	if err != nil {
		return err
	}
	options := flag.NewFlagSet(args[0], flag.ContinueOnError)
	users := options.Int("users", 200_000, "number of users")
	queries := options.Int("queries", 100, "number of queries of each kind")
	defaultEvents, defaultClients, defaultSeconds := 1_000_000, 500, 8
	switch args[0] {
	case "neighbours":
		defaultClients, defaultSeconds = 16, 4
	case "erasure":
		defaultEvents, defaultClients, defaultSeconds = 2_000_000, 16, 20
	}
	events := options.Int("events", defaultEvents, "number of events")
	clients := options.Int("clients", defaultClients, "number of concurrent clients")
	seconds := options.Int("seconds", defaultSeconds, "time of each workload")
	only := options.String("only", "", "run this workload, or offender, alone")
	if err := options.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "search":
		return searchBench(ctx, program, *users, *queries)
	case "report":
		return reportBench(ctx, program, *users, *events)
	case "neighbours":
		return neighbourBench(ctx, program, *users, *clients, time.Duration(*seconds)*time.Second, *only)
	case "erasure":
		return erasureBench(ctx, program, *users, *events, *clients, time.Duration(*seconds)*time.Second)
	case "overload":
		return overloadBench(ctx, program, *users, *events, time.Duration(*seconds)*time.Second, *only)
	case "load":
		return loadBench(ctx, program, *users, *events, *clients, time.Duration(*seconds)*time.Second, *only)
	}
	return fmt.Errorf("unknown command %q: use search, report, load, overload, neighbours or erasure", args[0])
}
