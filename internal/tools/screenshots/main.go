// Command screenshots opens the reference of a running Roster in Chromium, in the
// width of a desktop and of a telephone, and writes a PNG of each:
//
//	screenshots http://127.0.0.1:3000 FOLDER
//
// It fails if an operation is not shown, if the browser sends a request to another
// host, or if its console has an error or a warning.
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

// timeout is the maximum time of a page, for a slow machine.
const timeout = 10 * time.Minute

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("got %d arguments: pass the address of a Roster and a folder", len(args))
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
		fmt.Printf("%s: %d operations, no request to other hosts, an empty console\n", path, operations)
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
	return "", errors.New("chromium is not in PATH: install your system's package chromium")
}

// countOperations returns how many operations the contract has.
func countOperations(ctx context.Context, origin string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, origin+"/openapi.json", nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	var contract struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.NewDecoder(response.Body).Decode(&contract); err != nil {
		return 0, fmt.Errorf("%s: %s: %w", request.URL, response.Status, err)
	}
	operations := 0
	for _, path := range contract.Paths {
		for method := range path {
			switch method {
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
