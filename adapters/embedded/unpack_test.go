package embedded

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"testing"

	"github.com/ulikunitz/xz"
)

// txzOf makes a compressed tar file of entries, whose content is their name.
func txzOf(t *testing.T, entries ...tar.Header) []byte {
	t.Helper()
	var compressed bytes.Buffer
	writer, err := xz.NewWriter(&compressed)
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewWriter(writer)
	for _, header := range entries {
		header.Mode = 0o755
		if header.Typeflag == tar.TypeReg {
			header.Size = int64(len(header.Name))
		}
		if err := archive.WriteHeader(&header); err != nil {
			t.Fatal(err)
		}
		if header.Typeflag == tar.TypeReg {
			_, _ = io.WriteString(archive, header.Name)
		}
	}
	if err := errors.Join(archive.Close(), writer.Close()); err != nil {
		t.Fatal(err)
	}
	return compressed.Bytes()
}

func TestAnArchiveIsUnpackedWithinItsFolder(t *testing.T) {
	file := func(name string) tar.Header { return tar.Header{Name: name, Typeflag: tar.TypeReg} }
	link := func(name, target string) tar.Header {
		return tar.Header{Name: name, Linkname: target, Typeflag: tar.TypeSymlink}
	}
	cases := map[string]struct {
		entries []tar.Header
		escapes bool
	}{
		"files, folders and links": {[]tar.Header{
			{Name: "lib/", Typeflag: tar.TypeDir}, file("lib/a.so.1"), link("lib/a.so", "a.so.1"),
		}, false},
		"a name that leads out":             {[]tar.Header{file("../out")}, true},
		"an absolute name":                  {[]tar.Header{file("/out")}, true},
		"a link that leads out":             {[]tar.Header{link("lib/out", "../../out")}, true},
		"an absolute link":                  {[]tar.Header{link("out", "/etc/passwd")}, true},
		"a hard link that leads out":        {[]tar.Header{{Name: "out", Linkname: "../out", Typeflag: tar.TypeLink}}, true},
		"a device":                          {[]tar.Header{{Name: "null", Typeflag: tar.TypeChar}}, true},
		"a file in place of an earlier one": {[]tar.Header{file("a"), file("a")}, true},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			archive := filepath.Join(dir, "archive.jar")
			write(t, archive, string(jarOf(t, txzOf(t, test.entries...))))
			err := unpack(archive, filepath.Join(dir, "build"))
			if (err != nil) != test.escapes {
				t.Error(err)
			}
			if exists(filepath.Join(dir, "out")) || exists("/out") {
				t.Error("it wrote outside its folder")
			}
		})
	}
}
