package rest

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

const (
	// worthCompressing is from how many bytes on an answer is compressed.
	worthCompressing = 1 << 10
	// mostHeld is up to how many compressed bytes an answer is held back to
	// find its length. It is sent in chunks from there on.
	mostHeld = 64 << 10
)

var (
	gzipCoding   = []string{"gzip"}
	compressions = sync.Pool{New: func() any {
		// Level 1 takes less than half of the default's time and gives a fifth more bytes.
		writer, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
		if err != nil {
			panic("rest: " + err.Error()) // the level is a constant
		}
		return &compression{writer: writer}
	}}
)

// compression turns one answer into gzip on its way out. It holds the header
// back until it knows whether to, and with luck how long the answer is.
type compression struct {
	writer *gzip.Writer
	// plain is the beginning of an answer that may be too small.
	plain []byte
	// out is compressed and not sent yet.
	out bytes.Buffer
	// least is from how many bytes on to compress; declared is how many the
	// handler says there are, -1 where it does not.
	least, declared    int
	compressing, begun bool
	// bodiless is for HEAD, whose handler may leave the body out.
	bodiless bool
}

// newCompression prepares an answer; nil where the request wants none
// compressed. Callers look for the header first: it is most of what this costs.
func newCompression(r *http.Request, accepted []string) *compression {
	admits := admittedCodings(accepted)
	if !admits.gzip {
		return nil
	}
	c := compressions.Get().(*compression)
	c.least, c.bodiless = worthCompressing, r.Method == http.MethodHead
	if !admits.identity {
		c.least = 0
	}
	return c
}

func (c *compression) free() {
	if c.out.Cap() > 2*mostHeld {
		return
	}
	c.out.Reset()
	c.plain, c.compressing, c.begun = c.plain[:0], false, false
	compressions.Put(c)
}

// suits reports whether an answer of this header and status may be compressed.
func (c *compression) suits(header http.Header, status int) bool {
	if status == http.StatusNoContent || status == http.StatusNotModified || status == http.StatusPartialContent ||
		header["Content-Encoding"] != nil || strings.Contains(header.Get("Cache-Control"), "no-transform") || !isText(header.Get("Content-Type")) {
		return false
	}
	c.declared = -1
	if length := header["Content-Length"]; len(length) == 1 {
		c.declared, _ = strconv.Atoi(length[0])
		return c.declared >= c.least
	}
	return true
}

// isText reports whether a media type is one that compression makes smaller.
func isText(mediaType string) bool {
	name, _, _ := strings.Cut(mediaType, ";")
	switch name = strings.TrimSpace(name); name {
	case "application/json", "application/problem+json", "application/x-ndjson", "application/javascript", "application/yaml", "image/svg+xml":
		return true
	}
	return strings.HasPrefix(name, "text/")
}

func (c *compression) write(w *watch, b []byte) (int, error) {
	if !c.compressing {
		if c.declared < 0 && len(c.plain)+len(b) < c.least {
			c.plain = append(c.plain, b...)
			return len(b), nil
		}
		if err := c.start(w.Header()); err != nil {
			return 0, err
		}
	}
	if _, err := c.writer.Write(b); err != nil {
		return 0, err //nolint:wrapcheck // a buffer's: there is none
	}
	if c.out.Len() > mostHeld {
		return len(b), c.send(w)
	}
	return len(b), nil
}

// start changes the header to that of a compressed answer.
func (c *compression) start(header http.Header) error {
	header["Content-Encoding"] = gzipCoding
	delete(header, "Content-Length")
	delete(header, "Accept-Ranges")
	if tag := header["Etag"]; len(tag) == 1 && strings.HasPrefix(tag[0], `"`) {
		header["Etag"] = []string{"W/" + tag[0]} // the bytes are others than those of the plain answer
	}
	c.compressing = true
	c.writer.Reset(&c.out)
	_, err := c.writer.Write(c.plain)
	return err //nolint:wrapcheck // a buffer's: there is none
}

// send passes on what is compressed.
func (c *compression) send(w *watch) error {
	if !c.begun {
		c.begun = true
		w.ResponseWriter.WriteHeader(w.status)
	}
	_, err := w.ResponseWriter.Write(c.out.Bytes())
	c.out.Reset()
	return err //nolint:wrapcheck // handlers are to see net/http's own
}

// flush sends all that was written. An answer that is flushed is a stream, and
// compressed however short its beginning is.
func (c *compression) flush(w *watch) error {
	if !c.compressing {
		if err := c.start(w.Header()); err != nil {
			return err
		}
	}
	if err := c.writer.Flush(); err != nil {
		return err //nolint:wrapcheck // a buffer's: there is none
	}
	return c.send(w)
}

// finish sends the rest. Its errors are those of a client that is gone: there
// is nobody to tell.
func (c *compression) finish(w *watch) {
	header := w.Header()
	switch {
	case c.compressing:
		_ = c.writer.Close()
		if !c.begun {
			header["Content-Length"] = []string{strconv.Itoa(c.out.Len())}
		}
		_ = c.send(w)
	case c.bodiless && c.declared >= 0:
		_ = c.start(header)
		w.ResponseWriter.WriteHeader(w.status)
	default:
		w.ResponseWriter.WriteHeader(w.status)
		_, _ = w.ResponseWriter.Write(c.plain)
	}
}
