package server

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// OpenID starts an OpenID provider, oidc-provider on Node.js, until the end of the test,
// and returns its URL. It signs in everybody, with any password.
func OpenID(r Reporter) string {
	r.Helper()
	root, err := Root()
	if err != nil {
		r.Fatalf("looking for the repository: %v", err)
	}
	folder := filepath.Join(root, "bin/oidc-provider-9.13.3")
	if _, err := os.Stat(filepath.Join(folder, "node_modules/oidc-provider/package.json")); err != nil {
		r.Fatalf("the OpenID provider for tests is missing; run: make openid-provider (%v)", err)
	}
	command := exec.Command("node", filepath.Join(root, "cmd/roster/testdata/openid/provider.mjs"), folder, "0")
	command.Env = append(os.Environ(), "NODE_ENV=test")
	input, err := command.StdinPipe()
	if err != nil {
		r.Fatalf("starting the OpenID provider: %v", err)
	}
	output, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		r.Fatalf("Node.js is needed for the OpenID provider of tests: %v", err)
	}
	r.Cleanup(func() {
		_ = input.Close()  // it ends with its input
		_ = command.Wait() // its exit code says nothing
	})
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		r.Fatalf("the OpenID provider does not start: %v", err)
	}
	return strings.TrimSpace(line)
}
