package dataset

import (
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// gzipReader decompresses a file. Its errors say what is wrong with the file.
type gzipReader struct {
	text *gzip.Reader
	name string
}

func newGzipReader(in io.Reader, name string) (io.Reader, error) {
	text, err := gzip.NewReader(in)
	if errors.Is(err, gzip.ErrHeader) {
		return nil, fmt.Errorf("%s is not compressed by gzip: remove .gz from its name: %w", name, err)
	}
	if err != nil {
		return nil, damaged(name, err)
	}
	return gzipReader{text, name}, nil
}

// Read implements io.Reader.
func (g gzipReader) Read(p []byte) (int, error) {
	n, err := g.text.Read(p)
	return n, damaged(g.name, err)
}

// damaged explains the errors that a damaged file causes. Any other stays.
func damaged(name string, err error) error {
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	if corrupt || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%s is damaged or not complete: copy it again: %w", name, err)
	}
	return err
}
