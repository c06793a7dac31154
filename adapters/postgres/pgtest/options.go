package pgtest

import (
	"os"
	"path/filepath"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/embedded/scratch"
)

// optionsIn returns the options of a server in a folder: fast, small, and without
// background work. Tests that cause deadlocks do not wait long for the server to find
// them.
func optionsIn(folder *scratch.Folder) embedded.Options {
	return embedded.Options{
		DataDir:    filepath.Join(folder.Path, "data"),
		RuntimeDir: filepath.Join(folder.Path, "run"),
		Repository: os.Getenv("ROSTER_PG_REPOSITORY"),
		Volatile:   true,
		Settings: map[string]string{
			"shared_buffers":   "32MB",
			"max_connections":  "1000", // tests run in parallel, one a processor
			"autovacuum":       "off",
			"deadlock_timeout": "20ms",
			"max_wal_size":     "128MB", // the folder may be in memory
		},
	}
}
