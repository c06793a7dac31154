package rest

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/roster-directory/roster/adapters/rest/negotiation"
)

const (
	// minCompressed is from how many bytes on a response is compressed.
	minCompressed = 1 << 10
	// maxHeld is up to how many compressed bytes a response of unknown length is held
	// back, to know its length. A longer one is sent in chunks. A response of known
	// length is compressed whole: it is in memory already.
	maxHeld = 64 << 10
)

var (
	gzipEncoding = []string{"gzip"}
	compressions = sync.Pool{New: func() any { return new(compression) }}
	// gzipWriters are kept apart, since each takes several hundred KiB, and a client that
	// reads slowly needs none while the compressed bytes are sent.
	gzipWriters = sync.Pool{New: func() any {
		// Level 1 takes less than half of the default's time and gives a fifth more bytes.
		writer, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
		if err != nil {
			panic("rest: " + err.Error()) // the level is a constant
		}
		return writer
	}}
)

// compression compresses one response by gzip. It holds the header back until it
// knows whether to compress, and longer if it may learn the length.
type compression struct {
	to     http.ResponseWriter
	status int
	// writer is nil unless bytes are being compressed.
	writer *gzip.Writer
	// plain is the beginning of a response that may be too small.
	plain []byte
	// out is compressed and not yet sent.
	out bytes.Buffer
	// minimum is from how many bytes on to compress. declared is the
	// Content-Length that the handler sets, -1 without.
	minimum, declared int
	// compressing says that plain has gone through writer, sent that the header
	// is out.
	compressing, sent bool
	// bodiless is for HEAD, whose handler may leave the body out.
	bodiless bool
}

// newCompression prepares the response to a request; nil where the client
// accepts no gzip.
func newCompression(w http.ResponseWriter, r *http.Request) *compression {
	accepted := negotiation.ReadEncodings(r.Header["Accept-Encoding"])
	if !accepted.Gzip {
		return nil
	}
	c := compressions.Get().(*compression)
	c.to, c.minimum, c.bodiless = w, minCompressed, r.Method == http.MethodHead
	if !accepted.Identity {
		c.minimum = 0
	}
	return c
}

func (c *compression) free() {
	c.freeWriter()
	c.to = nil
	if c.out.Cap() > 2*maxHeld {
		return
	}
	c.out.Reset()
	c.plain, c.compressing, c.sent = c.plain[:0], false, false
	compressions.Put(c)
}

func (c *compression) freeWriter() {
	if c.writer != nil {
		gzipWriters.Put(c.writer)
		c.writer = nil
	}
}

// begin takes the status of the response, and reports whether a response with
// this status and header may be compressed.
func (c *compression) begin(status int) bool {
	header := c.to.Header()
	c.status = status
	if status == http.StatusNoContent || status == http.StatusNotModified || status == http.StatusPartialContent ||
		header["Content-Encoding"] != nil || strings.Contains(header.Get("Cache-Control"), "no-transform") ||
		!isText(header.Get("Content-Type")) {
		return false
	}
	c.declared = -1
	if length := header["Content-Length"]; len(length) == 1 {
		c.declared, _ = strconv.Atoi(length[0])
		return c.declared >= c.minimum
	}
	return true
}

// isText reports whether compression makes a media type smaller.
func isText(mediaType string) bool {
	name, _, _ := strings.Cut(mediaType, ";")
	switch name = strings.TrimSpace(name); name {
	case "application/json", "application/problem+json", "application/x-ndjson", "application/javascript", "application/yaml", "image/svg+xml":
		return true
	}
	return strings.HasPrefix(name, "text/")
}

func (c *compression) write(b []byte) (int, error) {
	if !c.compressing {
		if c.declared < 0 && len(c.plain)+len(b) < c.minimum {
			c.plain = append(c.plain, b...)
			return len(b), nil
		}
		if err := c.start(); err != nil {
			return 0, err
		}
	}
	if _, err := c.writer.Write(b); err != nil {
		return 0, err
	}
	if c.declared < 0 && c.out.Len() > maxHeld {
		return len(b), c.send()
	}
	return len(b), nil
}

// start changes the header to that of a compressed response, which has an ETag of its
// own, since its bytes differ from those of the plain one.
func (c *compression) start() error {
	header := c.to.Header()
	header["Content-Encoding"] = gzipEncoding
	delete(header, "Content-Length")
	delete(header, "Accept-Ranges")
	if tags := header["Etag"]; tags != nil {
		header["Etag"] = zippedTags(tags)
	}
	c.compressing = true
	c.writer = gzipWriters.Get().(*gzip.Writer)
	c.writer.Reset(&c.out)
	_, err := c.writer.Write(c.plain)
	return err
}

// send sends the compressed bytes so far.
func (c *compression) send() error {
	if !c.sent {
		c.sent = true
		c.to.WriteHeader(c.status)
	}
	_, err := c.to.Write(c.out.Bytes())
	c.out.Reset()
	return err
}

// flush sends everything written so far. A flushed response is a stream, so it
// is compressed even where its beginning is short.
func (c *compression) flush() error {
	if !c.compressing {
		if err := c.start(); err != nil {
			return err
		}
	}
	if err := c.writer.Flush(); err != nil {
		return err
	}
	return c.send()
}

// finish sends the rest. It fails only where the client is gone.
func (c *compression) finish() {
	switch {
	case c.compressing:
		_ = c.writer.Close()
		c.freeWriter()
		if !c.sent {
			c.to.Header()["Content-Length"] = []string{strconv.Itoa(c.out.Len())}
		}
		_ = c.send()
	case c.bodiless && c.declared >= 0:
		_ = c.start()
		c.to.WriteHeader(c.status)
	default:
		c.to.WriteHeader(c.status)
		_, _ = c.to.Write(c.plain)
	}
}
