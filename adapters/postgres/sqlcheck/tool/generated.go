package tool

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/schema"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/snapshot"
)

// changedFiles finds generated files that are not as they were written.
func (s *service) changedFiles(written []snapshot.FileHash) ([]Finding, error) {
	var found []Finding
	for _, w := range written {
		problem := ""
		hash, err := hashOf(s.path(w.File))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			problem = "the generated file is missing"
		case err != nil:
			return nil, err
		case hash != w.Hash:
			problem = "the generated file was edited by hand or merged"
		default:
			continue
		}
		found = append(found, Finding{File: shown(s.path(w.File)), Problem: problem, Fix: runPrepare})
	}
	return found, nil
}

func hashOf(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), nil
}

// hashes are the hashes of files, by their paths from the service's folder.
func (s *service) hashes(paths []string) ([]snapshot.FileHash, error) {
	var all []snapshot.FileHash
	for _, path := range slices.Sorted(slices.Values(paths)) {
		hash, err := hashOf(path)
		if err != nil {
			return nil, err
		}
		name, err := filepath.Rel(s.dir, path)
		if err != nil {
			return nil, err
		}
		all = append(all, snapshot.FileHash{File: filepath.ToSlash(name), Hash: hash})
	}
	return all, nil
}

// hashesOf are the hashes of migrations.
func hashesOf(all []schema.Migration) []snapshot.FileHash {
	var hashes []snapshot.FileHash
	for _, m := range all {
		hashes = append(hashes, snapshot.FileHash{File: m.File, Hash: m.Hash})
	}
	return hashes
}
