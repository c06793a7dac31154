package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// number is how many clients misbehave: fewer in the short form.
func (c *chaos) number(short, long int) int {
	if c.long {
		return long
	}
	return short
}

// shortTimes are settings with which slow clients are cut off soon.
var shortTimes = []string{"ROSTER_HEADER_TIMEOUT=3s", "ROSTER_READ_TIMEOUT=4s", "ROSTER_WRITE_TIMEOUT=8s", "ROSTER_STREAM_TIMEOUT=4s"}

func TestChaosOfClients(t *testing.T) {
	for name, f := range map[string]func(*chaos) (end func()){
		"requests are cancelled":      cancelRequests,
		"clients write slowly":        writeSlowly,
		"clients read slowly":         readSlowly,
		"there are many connections":  openConnections,
		"uploads stop within a line":  stopUploads,
		"connections send no request": sendNothing,
	} {
		t.Run(name, func(t *testing.T) {
			parallelIfShort(t)
			c := newChaos(t, pgtest.StartServer(t, durably), nil, shortTimes...)
			c.meet(fault{start: f, during: succeeds})
		})
	}
}

// cancelRequests sends requests and cancels each within milliseconds.
func cancelRequests(c *chaos) (end func()) {
	n := c.number(500, 10_000)
	for i := range n {
		c.acknowledged[cancelledName(i)] = false // it may be created
	}
	var next atomic.Int64
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	return c.together(32, func(worker int) {
		random := rand.New(rand.NewPCG(1, uint64(worker)))
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			ctx, cancel := context.WithTimeout(c.t.Context(), time.Duration(random.IntN(4000))*time.Microsecond)
			_, _ = do(client, cancelled(c, i).WithContext(ctx)) // either is fine
			cancel()
		}
	}, client.CloseIdleConnections)
}

func cancelledName(i int) string { return fmt.Sprintf("cancelled%d", i) }

// cancelled is a request of one of several kinds.
func cancelled(c *chaos, i int) *http.Request {
	address := c.server.url
	switch i % 4 {
	case 0:
		return newRequestTo(c.t, "POST", address+"/users", createUser(cancelledName(i)))
	case 1:
		return newRequestTo(c.t, "POST", address+"/users/search", `{"term":"cancelled"}`)
	case 2:
		return newRequestTo(c.t, "GET", address+"/bulk/users", "")
	default:
		return newRequestTo(c.t, "GET", address+"/users?limit=100", "")
	}
}

// together runs something in several goroutines, and returns what waits for them and then
// does the last thing.
func (c *chaos) together(n int, each func(i int), last func()) (wait func()) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { each(i) })
	}
	return func() {
		all.Wait()
		last()
	}
}

func nothing() {}

// dial opens a connection to the program.
func (c *chaos) dial() (net.Conn, bool) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.server.url, "http://"))
	if err != nil {
		c.t.Error(err)
		return nil, false
	}
	return conn, true
}

// untilClosed has several clients do something on a connection each, until the server
// closes it.
func (c *chaos) untilClosed(n int, talk func(i int, conn net.Conn)) (wait func()) {
	return c.together(n, func(i int) {
		if conn, ok := c.dial(); ok {
			defer func() { _ = conn.Close() }()
			talk(i, conn)
		}
	}, nothing)
}

// beginBody begins a request with a body of which this is the first part.
func beginBody(conn net.Conn, method, path, mediaType, part string) {
	const head = "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: 100000\r\n\r\n%s"
	_, _ = fmt.Fprintf(conn, head, method, path, mediaType, part) // an error: it is closed
}

// drip writes text a byte at a time, again and again, until the server closes the connection.
func drip(conn net.Conn, text string) {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_, _ = io.Copy(io.Discard, conn) // until the server closes it
	}()
	for i := 0; ; i++ {
		select {
		case <-closed:
			return
		case <-time.After(20 * time.Millisecond):
			_, _ = io.WriteString(conn, text[i%len(text):][:1]) // an error: it will be closed
		}
	}
}

// writeSlowly sends headers, bodies and lines of imports a byte at a time.
func writeSlowly(c *chaos) (wait func()) {
	long := strings.Repeat("w", 10_000)
	return c.untilClosed(c.number(21, 600), func(i int, conn net.Conn) {
		switch i % 3 {
		case 0:
			drip(conn, "GET /users HTTP/1.1\r\nHost: localhost\r\nX-Long: "+long)
		case 1:
			beginBody(conn, "POST", "/users", "application/json", `{"username":"`)
			drip(conn, long)
		default:
			beginBody(conn, "POST", "/bulk/users", "application/x-ndjson", `{"username":"`)
			drip(conn, long)
		}
	})
}

// readSlowly sends many requests at once, and reads the responses a byte at a time.
func readSlowly(c *chaos) (wait func()) {
	const request = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
	return c.untilClosed(c.number(10, 200), func(_ int, conn net.Conn) {
		_ = conn.(*net.TCPConn).SetReadBuffer(4 << 10) // a hint
		_, _ = io.WriteString(conn, strings.Repeat(request, 80))
		one := make([]byte, 1)
		for c.t.Context().Err() == nil {
			if _, err := conn.Read(one); err != nil {
				return
			}
			// Bytes that were sent before the end of the connection can still be read. A
			// write fails after that.
			if _, err := io.WriteString(conn, "\r\n"); err != nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	})
}

// stopUploads begins imports, and exports with a body, and sends nothing more.
func stopUploads(c *chaos) (wait func()) {
	return c.untilClosed(c.number(10, 100), func(i int, conn net.Conn) {
		method := []string{"POST", "GET"}[i%2]
		beginBody(conn, method, "/bulk/users", "application/x-ndjson", `{"username":"sto`)
		_, _ = io.Copy(io.Discard, conn) // until the server closes it
	})
}

// sendNothing opens connections and sends nothing.
func sendNothing(c *chaos) (wait func()) {
	return c.untilClosed(c.number(50, 1_000), func(_ int, conn net.Conn) { _, _ = io.Copy(io.Discard, conn) })
}

// openConnections opens connections, and then sends two requests on each.
func openConnections(c *chaos) (wait func()) {
	opened := make([]net.Conn, c.number(200, 2_000))
	for i := range opened {
		conn, ok := c.dial()
		if !ok {
			return nothing
		}
		opened[i] = conn
	}
	closeAll := func() {
		for _, conn := range opened {
			_ = conn.Close()
		}
	}
	return c.together(len(opened), func(i int) {
		in := bufio.NewReader(opened[i])
		for range 2 {
			if _, err := io.WriteString(opened[i], "GET /users?limit=1 HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
				c.t.Error(err)
				return
			}
			got, err := http.ReadResponse(in, nil)
			if err != nil {
				c.t.Error(err)
				return
			}
			if _, err := io.Copy(io.Discard, got.Body); err != nil || got.StatusCode != http.StatusOK {
				c.t.Errorf("of many connections, one got %d, %v", got.StatusCode, err)
			}
			_ = got.Body.Close()
		}
	}, closeAll)
}
