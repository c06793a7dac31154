package embedded

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/ulikunitz/xz"
)

// maxUnpacked and maxEntries limit what an archive unpacks to: some times what the
// builds have.
const (
	maxUnpacked = 1 << 30
	maxEntries  = 50_000
)

// unpack unpacks the archive of a build into a new folder. The archive is a ZIP file
// that holds a tar file, compressed by xz.
func unpack(archive, folder string) error {
	file, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	for _, entry := range file.File {
		if strings.HasSuffix(entry.Name, ".txz") {
			return unpackEntry(entry, folder)
		}
	}
	return errors.New("the archive holds no .txz file")
}

func unpackEntry(entry *zip.File, folder string) (err error) {
	compressed, err := entry.Open()
	if err != nil {
		return err
	}
	defer func() { _ = compressed.Close() }() // it was only read
	plain, err := xz.NewReader(bufio.NewReaderSize(compressed, 1<<20))
	if err != nil {
		return err
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	limited := &io.LimitedReader{R: plain, N: maxUnpacked}
	files := tar.NewReader(limited)
	for range maxEntries {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := unpackFile(root, header, files); err != nil {
			return fmt.Errorf("%s: %w", header.Name, err)
		}
	}
	return fmt.Errorf("the archive has more than %d files", maxEntries)
}

// unpackFile writes one file of an archive. root keeps it in the folder, whatever its
// name is.
func unpackFile(root *os.Root, header *tar.Header, content io.Reader) error {
	name := path.Clean(header.Name)
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	switch header.Typeflag {
	case tar.TypeDir:
		return errors.Join(root.MkdirAll(name, 0o755), root.Chmod(name, 0o755))
	case tar.TypeReg:
		return writeFile(root, name, header.FileInfo().Mode().Perm()&0o755|0o644, content)
	case tar.TypeSymlink:
		if !filepath.IsLocal(path.Join(path.Dir(name), header.Linkname)) || path.IsAbs(header.Linkname) {
			return fmt.Errorf("it is a link to %s, outside the archive", header.Linkname)
		}
		return root.Symlink(header.Linkname, name)
	case tar.TypeLink:
		return root.Link(path.Clean(header.Linkname), name)
	}
	return fmt.Errorf("it is a file of the unknown type %q", header.Typeflag)
}

func writeFile(root *os.Root, name string, mode os.FileMode, content io.Reader) error {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	// The user that the programs run as may be another one, whatever the umask is.
	return errors.Join(err, file.Chmod(mode), file.Close())
}
