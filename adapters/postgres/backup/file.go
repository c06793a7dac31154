package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Manifest says what a backup holds.
type Manifest struct {
	// Roster is the version of the program that made the backup.
	Roster string `json:"roster"`
	// Schema is the newest migration of the database.
	Schema int64 `json:"schema"`
	// Server is the version of the PostgreSQL server, Major its major version, and
	// Program that of pg_dump.
	Server  string    `json:"server"`
	Major   int       `json:"major"`
	Program int       `json:"pg_dump"`
	MadeAt  time.Time `json:"made_at"`
	Size    int64     `json:"archive_bytes"`
	SHA256  string    `json:"archive_sha256"`
	Tables  []Table   `json:"tables"`
}

// Table is the content of a table.
type Table struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
	// Hash is the sum of the hashes of the rows.
	Hash string `json:"hash"`
}

// magic ends a file. Its last character is the version of the format.
var magic = [8]byte{'R', 'O', 'S', 'T', 'E', 'R', 'B', '1'}

const trailerSize = sha256.Size + 8 + 8

// maxManifest bounds what is read before anything is known of a file.
const maxManifest = 1 << 24

// appendTo writes the manifest and the trailer after the archive.
func (m *Manifest) appendTo(w io.Writer) error {
	text, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	sum := sha256.Sum256(text)
	text = append(text, sum[:]...)
	text = binary.BigEndian.AppendUint64(text, uint64(len(text)-len(sum))) //nolint:gosec // it is not negative
	_, err = w.Write(append(text, magic[:]...))
	return err
}

// File is an open backup whose content is that of its manifest.
type File struct {
	Manifest
	file *os.File
}

// Open opens a backup and reads all of it, to check it. Close the file after use.
func Open(path string) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	f := &File{file: file}
	if err := f.check(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s %w", path, err), file.Close())
	}
	return f, nil
}

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }

func (f *File) check() error {
	info, err := f.file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("is not a file: name a file that roster backup wrote")
	}
	var trailer [trailerSize]byte
	if _, err := f.file.ReadAt(trailer[:], max(info.Size()-trailerSize, 0)); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if !bytes.Equal(trailer[trailerSize-len(magic):], magic[:]) {
		return errors.New("is cut off, or was not written by this version of roster backup: take another copy; " +
			"an archive of pg_dump alone is for pg_restore")
	}
	size := binary.BigEndian.Uint64(trailer[sha256.Size:])
	if size > maxManifest || int64(size) > info.Size()-trailerSize {
		return errDamaged
	}
	text := make([]byte, size)
	archive := info.Size() - trailerSize - int64(size)
	if _, err := f.file.ReadAt(text, archive); err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	if !bytes.Equal(sum[:], trailer[:sha256.Size]) || json.Unmarshal(text, &f.Manifest) != nil || f.Size != archive {
		return errDamaged
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, f.archive()); err != nil {
		return err
	}
	if hex.EncodeToString(hash.Sum(nil)) != f.SHA256 {
		return errDamaged
	}
	return nil
}

var errDamaged = errors.New("is damaged: its checksum differs from its content; take another copy")

// archive reads the archive of pg_dump.
func (f *File) archive() io.Reader { return io.NewSectionReader(f.file, 0, f.Size) }
