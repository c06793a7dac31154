package main

import (
	"crypto/tls"
	"encoding/binary"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/roster-directory/roster/cmd/roster/settings"
)

// Types of frames, settings and identifiers of RFC 9113.
const (
	frameHeaders, frameSettings, frameGoAway, frameWindowUpdate = 1, 4, 7, 8

	maxConcurrentStreams, initialWindowSize, maxFrameSize, maxHeaderListSize = 3, 4, 5, 6
)

// rawHTTP2 is a connection whose frames a test writes and reads by itself.
type rawHTTP2 struct {
	t *testing.T
	*tls.Conn
}

func dialHTTP2(t *testing.T, address string, config *tls.Config) *rawHTTP2 {
	t.Helper()
	config.NextProtos = []string{"h2"}
	connection, err := tls.Dial("tcp", address, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	if _, err := io.WriteString(connection, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	return &rawHTTP2{t, connection}
}

func (c *rawHTTP2) write(kind, flags byte, stream uint32, payload []byte) {
	c.t.Helper()
	n := len(payload)
	frame := append([]byte{byte(n >> 16), byte(n >> 8), byte(n), kind, flags}, binary.BigEndian.AppendUint32(nil, stream)...)
	if _, err := c.Write(append(frame, payload...)); err != nil {
		c.t.Fatal(err)
	}
}

// settings reads the first frame of the server, its settings.
func (c *rawHTTP2) settings() map[uint16]uint32 {
	c.t.Helper()
	var head [9]byte
	if _, err := io.ReadFull(c, head[:]); err != nil || head[3] != frameSettings {
		c.t.Fatalf("the first frame is %v, %v", head, err)
	}
	payload := make([]byte, int(head[0])<<16|int(head[1])<<8|int(head[2]))
	if _, err := io.ReadFull(c, payload); err != nil {
		c.t.Fatal(err)
	}
	found := map[uint16]uint32{}
	for ; len(payload) >= 6; payload = payload[6:] {
		found[binary.BigEndian.Uint16(payload)] = binary.BigEndian.Uint32(payload[2:])
	}
	return found
}

// get sends GET / on a stream.
func (c *rawHTTP2) get(stream uint32) {
	c.t.Helper()
	const endOfStreamAndHeaders = 0x5
	// GET https / and the authority, in HPACK.
	c.write(frameHeaders, endOfStreamAndHeaders, stream, append([]byte{0x82, 0x87, 0x84, 0x41, 9}, "localhost"...))
}

// next reads a frame and returns its type, unless the connection has ended.
func (c *rawHTTP2) next() (kind byte, ok bool) {
	var head [9]byte
	if _, err := io.ReadFull(c, head[:]); err != nil {
		return 0, false
	}
	_, err := io.CopyN(io.Discard, c, int64(head[0])<<16|int64(head[1])<<8|int64(head[2]))
	return head[3], err == nil
}

// serveHandler serves a handler as roster serve does, with TLS, until the test ends.
func serveHandler(t *testing.T, config settings.HTTP, files *tlsFiles, handler http.HandlerFunc) (address string) {
	t.Helper()
	config.TLSCert, config.TLSKey = files.cert, files.key
	log := slog.New(slog.DiscardHandler)
	certificate, err := newCertificate(config, log)
	if err != nil {
		t.Fatal(err)
	}
	server := newServer(config, edge{Handler: handler}, log)
	server.http.TLSConfig = certificate.tls()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.accept(listener)
	}()
	t.Cleanup(func() {
		_ = server.http.Close()
		<-ended
	})
	return listener.Addr().String()
}

func TestAConnectionOfHTTP2IsBounded(t *testing.T) {
	t.Parallel()
	files := newTLSFiles(t)
	config := settings.HTTP{MaxHeaderBytes: 8192, StreamTimeout: time.Hour, WriteTimeout: time.Hour}
	address := serveHandler(t, config, files, func(http.ResponseWriter, *http.Request) {})
	got := dialHTTP2(t, address, files.config(t)).settings()
	for id, most := range map[uint16]uint32{
		maxConcurrentStreams: 100, initialWindowSize: 256 << 10, maxFrameSize: 16 << 10, maxHeaderListSize: 8192 + 1024,
	} {
		if got[id] == 0 || got[id] > most {
			t.Errorf("setting %d is %d, at most %d is meant", id, got[id], most)
		}
	}
}

// The client grants a large window and then takes no bytes from the connection, so
// that no frame that would reset the stream can be sent either.
func TestAConnectionOfHTTP2ThatTakesNoBytesIsClosed(t *testing.T) {
	t.Parallel()
	files, ended := newTLSFiles(t), make(chan error, 1)
	config := settings.HTTP{MaxHeaderBytes: 8192, StreamTimeout: 100 * time.Millisecond, WriteTimeout: time.Hour}
	address := serveHandler(t, config, files, func(w http.ResponseWriter, _ *http.Request) {
		block := make([]byte, 64<<10)
		for {
			if _, err := w.Write(block); err != nil {
				ended <- err
				return
			}
		}
	})
	client := dialHTTP2(t, address, files.config(t))
	window := binary.BigEndian.AppendUint32(nil, 1<<30)
	client.write(frameSettings, 0, 0, append([]byte{0, initialWindowSize}, window...))
	client.write(frameWindowUpdate, 0, 0, window)
	client.get(1)
	if err := <-ended; err == nil {
		t.Error("the handler wrote everything")
	}
}
