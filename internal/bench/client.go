package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync/atomic"
	"time"
)

// client sends requests over one connection. It implements only as much of HTTP as
// Roster's responses need, so that it leaves the processor to the server.
type client struct {
	conn net.Conn
	in   *bufio.Reader
	next func() string
	// any is whether 5xx is no error; served, unless nil, counts the responses that are none.
	any    bool
	served *atomic.Int64
}

func dial(ctx context.Context, address string, next func() string) (*client, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, in: bufio.NewReader(conn), next: next}, nil
}

// send sends the next request, reads its response and returns the time. A status
// of 5xx is an error, others such as 404 are none.
func (c *client) send() (time.Duration, error) {
	request := c.next()
	start := time.Now()
	status, err := c.exchange(request)
	switch {
	case err != nil:
	case status[9] != '5':
		if c.served != nil {
			c.served.Add(1)
		}
	case !c.any:
		err = fmt.Errorf("%s, to %.60q", status, request)
	}
	return time.Since(start), err
}

// exchange sends a request, reads its response and returns the status line.
func (c *client) exchange(request string) (status string, err error) {
	if _, err := io.WriteString(c.conn, request); err != nil {
		return "", err
	}
	length := 0
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return "", err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case status == "":
			status = string(line)
		case string(name) == "Content-Length":
			if length, err = strconv.Atoi(string(value)); err != nil {
				return "", err
			}
		case string(name) == "Transfer-Encoding":
			return "", fmt.Errorf("a response without a length, to %.60q", request)
		}
	}
	if len(status) < 12 {
		return "", fmt.Errorf("the status %q, to %.60q", status, request)
	}
	_, err = c.in.Discard(length)
	return status, err
}
