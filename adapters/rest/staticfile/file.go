// Package staticfile serves files that the program contains: compressed once, with
// entity tags, and pages with a Content-Security-Policy.
package staticfile

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// cacheControl lets clients and caches keep a file, and use it after asking whether
// it is still the same.
const cacheControl = "public, no-cache"

// File is one file. It never changes and is safe for concurrent use.
type File struct {
	mediaType string
	content   []byte
	// zipped says that content is compressed by gzip.
	zipped bool
	// digest identifies the content in entity tags.
	digest string
	// policy is the Content-Security-Policy; empty unless the file is a page.
	policy string
}

// New makes a file. zipped says that the content is compressed by gzip.
func New(mediaType string, content []byte, zipped bool) *File {
	digest := sha256.Sum256(content)
	return &File{mediaType: mediaType, content: content, zipped: zipped, digest: hex.EncodeToString(digest[:8])}
}

// withPolicy returns the file as a page with this Content-Security-Policy. The page sends
// no referrer, and pages of other origins can neither embed nor reach it.
func (f *File) withPolicy(policy string) *File {
	page := *f
	page.policy = policy
	return &page
}

// Serve answers a GET or a HEAD with the file, or with 304 where the request's
// If-None-Match names it. A client that does not accept gzip gets the
// decompressed file. After an error, nothing has been sent.
func (f *File) Serve(w http.ResponseWriter, r *http.Request, gzip bool) error {
	header := w.Header()
	header.Set("Cache-Control", cacheControl)
	if f.policy != "" {
		header.Set("Content-Security-Policy", f.policy)
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("X-Frame-Options", "DENY") // for browsers that do not know frame-ancestors
	}
	if tag := f.known(r.Header, gzip); tag != "" {
		header.Set("Etag", tag)
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	content, tag := f.content, f.tag(false)
	switch {
	case f.zipped && gzip:
		tag = f.tag(true)
		header.Set("Content-Encoding", "gzip")
	case f.zipped:
		plain, err := unzip(f.content)
		if err != nil {
			return err
		}
		content = plain
	}
	header.Set("Etag", tag)
	header.Set("Content-Type", f.mediaType)
	header.Set("Content-Length", strconv.Itoa(len(content)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(content) // it fails where the client is gone
	}
	return nil
}

// tag is the entity tag of the file as it is, or compressed. A file that is kept as it
// is may be compressed after Serve; its tag gets the same suffix there.
func (f *File) tag(gzip bool) string {
	if gzip {
		return `"` + f.digest + `-gzip"`
	}
	return `"` + f.digest + `"`
}

// known returns the tag by which a request names a form of the file that the client
// has and can read; empty where there is none.
func (f *File) known(header http.Header, gzip bool) string {
	for tag := range strings.SplitSeq(strings.Join(header.Values("If-None-Match"), ","), ",") {
		switch tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/"); {
		case tag == "*":
			return f.tag(f.zipped && gzip)
		case tag == f.tag(false), gzip && tag == f.tag(true):
			return tag
		}
	}
	return ""
}

func unzip(content []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("decompressing a file: %w", err)
	}
	plain, err := io.ReadAll(reader)
	if err != nil {
		return nil, fmt.Errorf("decompressing a file: %w", err)
	}
	return plain, nil
}
