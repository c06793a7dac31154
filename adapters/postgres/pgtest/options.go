package pgtest

import (
	"os"
	"path/filepath"

	"github.com/roster-directory/roster/adapters/embedded"
	"github.com/roster-directory/roster/adapters/embedded/scratch"
)

// optionsIn returns the options of a server in a folder: fast, small, and without
// background work.
func optionsIn(folder *scratch.Folder) embedded.Options {
	return embedded.Options{
		DataDir:    filepath.Join(folder.Path, "data"),
		RuntimeDir: filepath.Join(folder.Path, "run"),
		Repository: os.Getenv("ROSTER_PG_REPOSITORY"),
		Volatile:   true,
		Settings: map[string]string{
			"shared_buffers":  "32MB",
			"max_connections": "200",
			"autovacuum":      "off",
			"max_wal_size":    "128MB", // of memory, it may be
		},
	}
}
