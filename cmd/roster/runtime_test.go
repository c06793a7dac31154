package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
)

// runtimeVariable names a Unix socket, on which the program of the tests then tells how
// much it uses.
const runtimeVariable = "ROSTER_TEST_RUNTIME"

// usage is what a process uses.
type usage struct {
	Goroutines int
	Heap       uint64 // bytes in use after a garbage collection
	Stacks     string // of the goroutines
}

// observed is the program, which tells on the socket how much it uses.
func observed() {
	if path := os.Getenv(runtimeVariable); path != "" {
		listener, err := net.Listen("unix", path)
		if err != nil {
			panic(err)
		}
		go func() { _ = http.Serve(listener, http.HandlerFunc(tellUsage)) }()
	}
	main()
}

func tellUsage(w http.ResponseWriter, _ *http.Request) {
	runtime.GC()
	runtime.GC() // the first leaves what pools keep
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	var stacks strings.Builder
	_ = pprof.Lookup("goroutine").WriteTo(&stacks, 1) // fails with its writer
	_ = json.NewEncoder(w).Encode(usage{runtime.NumGoroutine() - readers(), memory.HeapAlloc, stacks.String()})
}

// readers counts the goroutines of idle connections to the database. pgx starts one for a
// connection to which a write took long, and it stays until something is to be read.
func readers() int {
	all := make([]byte, 8<<20)
	return strings.Count(string(all[:runtime.Stack(all, true)]), "bgreader.(*BGReader).bgRead(")
}

// runtimeSocket returns the path of a socket for runtimeVariable. It is short, since
// paths of sockets are.
func runtimeSocket(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "roster-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	return filepath.Join(folder, "runtime")
}

// usageAt asks a program how much it uses.
func usageAt(t *testing.T, socket string) (told usage) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		},
	}}
	got, err := do(client, newRequestTo(t, "GET", "http://runtime/", ""))
	if err != nil {
		t.Fatal(err)
	}
	return read[usage](t, got.body)
}
