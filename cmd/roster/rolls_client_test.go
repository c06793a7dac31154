package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// rollLoad are clients that never repeat a request. A request fails if its connection
// can't be made, ends before the response, or brings another status than it should.
type rollLoad struct {
	address string
	clients []*rollClient
	done    atomic.Int64 // requests, of which some may have failed
	failed  atomic.Int64
	ended   chan struct{}
	running sync.WaitGroup
}

// rollClient sends requests over a connection that it keeps, unless it makes a new one
// for each.
type rollClient struct {
	*rollLoad
	number, seq int
	random      *rand.Rand
	// pause is the maximum pause between two requests.
	pause time.Duration
	// fresh is whether each request has a connection of its own.
	fresh bool
	conn  *rollConn
	ids   []string // of the first users of stored
	// stored are the names of all users whose creation was acknowledged.
	stored  []string
	failure string // the last one
}

// rollConn is a connection whose end its client notices while it waits.
type rollConn struct {
	net.Conn
	responses chan rollResponse
	ended     chan struct{}
	cause     error // of the end
}

// rollResponse is a response, and whether it is the last one of its connection.
type rollResponse struct {
	response
	last bool
}

func newRollLoad(address string) *rollLoad {
	l := &rollLoad{address: address, ended: make(chan struct{})}
	for n := range 18 {
		c := &rollClient{rollLoad: l, number: n, random: rand.New(rand.NewPCG(uint64(n), 1))}
		switch {
		case n >= 16:
			c.fresh, c.pause = true, 40*time.Millisecond
		case n >= 8:
			c.pause = 200 * time.Millisecond
		}
		l.clients = append(l.clients, c)
	}
	return l
}

func (l *rollLoad) start() {
	for _, c := range l.clients {
		l.running.Go(c.run)
	}
}

func (l *rollLoad) stop() {
	close(l.ended)
	l.running.Wait()
}

func (c *rollClient) run() {
	defer c.hangUp()
	for {
		select {
		case <-c.ended:
			return
		default:
		}
		c.act()
		c.done.Add(1)
		if c.pause > 0 {
			select {
			case <-c.ended:
				return
			case <-time.After(time.Duration(c.random.Int64N(int64(c.pause)))):
			}
		}
	}
}

func (c *rollClient) hangUp() {
	if c.conn != nil {
		_ = c.conn.Close()
		<-c.conn.ended
		c.conn = nil
	}
}

// act sends one request.
func (c *rollClient) act() {
	choice := c.random.IntN(100)
	switch {
	case choice < 15 || len(c.ids) == 0:
		c.create()
	case choice < 25:
		n := c.random.IntN(len(c.ids))
		c.seq++
		c.send("PUT", "/users/"+c.ids[n], rollUser(c.stored[n], c.seq), 200)
	case choice < 35:
		c.send("POST", "/users/search", fmt.Sprintf(`{"term":%q}`, c.stored[c.random.IntN(len(c.stored))]), 200)
	case choice < 50:
		c.send("GET", "/users?limit=3", "", 200)
	default:
		c.send("GET", "/users/"+c.ids[c.random.IntN(len(c.ids))], "", 200)
	}
}

func rollUser(name string, n int) string {
	return fmt.Sprintf(`{"username":%q,"email":"%s@example.com","external_id":%q,"display_name":"Request %d"}`, name, name, name, n)
}

// create creates a user.
func (c *rollClient) create() {
	c.seq++
	name := fmt.Sprintf("client%drequest%d", c.number, c.seq)
	got, ok := c.send("POST", "/users", rollUser(name, c.seq), 201)
	var user userJSON
	if !ok {
		return
	}
	if err := json.Unmarshal([]byte(got.body), &user); err != nil {
		c.fail(fmt.Sprintf("POST /users: %v: %s", err, got.body))
		return
	}
	c.stored = append(c.stored, name)
	if len(c.ids) < 8 {
		c.ids = append(c.ids, user.ID)
	}
}

// send sends a request once and reports whether the response has the status.
func (c *rollClient) send(method, path, body string, want int) (response, bool) {
	got, err := c.exchange(method, path, body)
	if err != nil || got.last || c.fresh {
		c.hangUp()
	}
	if err == nil && got.status == want {
		return got.response, true
	}
	c.fail(fmt.Sprintf("%s %s: %v, %d %s", method, path, err, got.status, got.body))
	return got.response, false
}

func (c *rollClient) fail(why string) {
	c.failure = why
	c.failed.Add(1)
}

func (c *rollClient) exchange(method, path, body string) (rollResponse, error) {
	if c.conn != nil {
		select {
		case <-c.conn.ended:
			c.conn = nil
		default:
		}
	}
	if c.conn == nil {
		conn, err := net.Dial("tcp", c.address)
		if err != nil {
			return rollResponse{}, err
		}
		c.conn = newRollConn(conn)
	}
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s %s HTTP/1.1\r\nHost: localhost\r\n", method, path)
	if body != "" {
		fmt.Fprintf(&text, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	text.WriteString("\r\n" + body)
	if _, err := c.conn.Write(text.Bytes()); err != nil {
		return rollResponse{}, err
	}
	select {
	case got := <-c.conn.responses:
		return got, nil
	case <-c.conn.ended:
	}
	select {
	case got := <-c.conn.responses: // the last one of its connection
		return got, nil
	default:
		return rollResponse{}, c.conn.cause
	}
}

func newRollConn(conn net.Conn) *rollConn {
	c := &rollConn{Conn: conn, responses: make(chan rollResponse, 1), ended: make(chan struct{})}
	go c.read()
	return c
}

// read reads responses until the connection ends or a response is its last.
func (c *rollConn) read() {
	defer close(c.ended)
	defer func() { _ = c.Close() }()
	reader := bufio.NewReader(c)
	for {
		got, err := http.ReadResponse(reader, nil)
		if err != nil {
			c.cause = err
			return
		}
		body, err := io.ReadAll(got.Body)
		if err != nil {
			c.cause = err
			return
		}
		c.responses <- rollResponse{response{got.StatusCode, got.Header, string(body)}, got.Close}
		if got.Close {
			c.cause = io.EOF
			return
		}
	}
}
