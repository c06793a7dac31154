package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
)

// Programs finds a program of PostgreSQL, such as pg_dump, that is of a major version or
// newer. It returns its path and its major version.
type Programs func(ctx context.Context, name string, major int) (path string, found int, err error)

// Write backs the schema up to a new file. It never replaces a file: first it writes to
// one with the suffix .partial, and gives it its name when it is complete and durable.
func Write(ctx context.Context, address, path, roster string, programs Programs) (m *Manifest, err error) {
	if _, err := os.Lstat(path); err == nil {
		return nil, fmt.Errorf("%s exists: name a new file, or move it away", path)
	}
	partial := path + ".partial"
	file, err := os.OpenFile(partial, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(partial))
		}
	}()
	m = &Manifest{Roster: roster}
	err = m.write(ctx, address, file, programs)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(partial, path); err != nil { // unlike a renaming, it never replaces a file
		return nil, err
	}
	return m, errors.Join(os.Remove(partial), syncFolder(filepath.Dir(path)))
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func (m *Manifest) write(ctx context.Context, address string, to io.Writer, programs Programs) error {
	target, err := open(ctx, address)
	if err != nil {
		return err
	}
	defer target.close()
	m.Server, m.Major, m.MadeAt = target.version, target.major, time.Now().UTC().Truncate(time.Second)
	program, major, err := programs(ctx, "pg_dump", target.major)
	if err != nil {
		return err
	}
	m.Program = major
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return pgx.BeginTxFunc(ctx, target.connection, options, func(tx pgx.Tx) error {
		if m.Schema, err = schema(ctx, tx); err != nil {
			return err
		}
		if m.Schema == 0 {
			return errors.New("the database has no schema of Roster's: there is nothing to back up")
		}
		if m.Tables, err = tables(ctx, tx); err != nil {
			return err
		}
		var snapshot string
		//sqlcheck:allow it names the snapshot, so that pg_dump sees the same rows
		if err := tx.QueryRow(ctx, "SELECT pg_export_snapshot()").Scan(&snapshot); err != nil {
			return err
		}
		hash, size := sha256.New(), new(counter)
		err := target.run(ctx, program, nil, io.MultiWriter(to, hash, size), "--format=custom", "--schema=roster",
			"--no-unlogged-table-data", "--snapshot="+snapshot)
		if err != nil {
			return err
		}
		m.Size, m.SHA256 = size.bytes, hex.EncodeToString(hash.Sum(nil))
		return m.appendTo(to)
	})
}

// counter counts bytes.
type counter struct{ bytes int64 }

// Write implements io.Writer.
func (c *counter) Write(b []byte) (int, error) {
	c.bytes += int64(len(b))
	return len(b), nil
}
