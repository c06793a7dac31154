// Command screenshots opens the reference of a running Roster in Chromium, as
// wide as a desk's screen and as narrow as a telephone's, and writes a PNG of
// each:
//
//	screenshots http://127.0.0.1:3000 FOLDER
//
// It fails where an operation is not shown, where the browser asks another host
// for anything, or where its console has an error or a warning.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// patience is how long a page may take in all.
const patience = time.Minute

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("got %d arguments; give it the address of a Roster and a folder", len(args))
	}
	origin, folder := args[0], args[1]
	browser, err := findBrowser()
	if err != nil {
		return err
	}
	operations, err := countOperations(ctx, origin)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, each := range []screen{{"reference-wide", 1280, 1400}, {"reference-narrow", 390, 2400}} {
		picture, err := shoot(ctx, browser, origin, each, operations)
		if err != nil {
			return fmt.Errorf("%s: %w", each.name, err)
		}
		path := filepath.Join(folder, each.name+".png")
		if err := os.WriteFile(path, picture, 0o644); err != nil {
			return err
		}
		fmt.Printf("%s: %d operations, no other host, no word in the console\n", path, operations)
	}
	return nil
}

// findBrowser returns the path of a Chromium.
func findBrowser() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("there is no chromium on PATH; install your system's package chromium")
}

// countOperations returns how many operations the contract has.
func countOperations(ctx context.Context, origin string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, origin+"/openapi.json", nil)
	if err != nil {
		return 0, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = answer.Body.Close() }()
	var contract struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.NewDecoder(answer.Body).Decode(&contract); err != nil {
		return 0, fmt.Errorf("%s: %s: %w", request.URL, answer.Status, err)
	}
	operations := 0
	for _, path := range contract.Paths {
		for member := range path {
			switch member {
			case "get", "put", "post", "patch", "delete":
				operations++
			}
		}
	}
	if operations == 0 {
		return 0, fmt.Errorf("%s: the contract has no operations", request.URL)
	}
	return operations, nil
}
