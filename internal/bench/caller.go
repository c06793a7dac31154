package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// caller asks over one connection. It knows as much of HTTP as Roster's answers
// need, since a client that does more takes the processor from the server.
type caller struct {
	conn net.Conn
	in   *bufio.Reader
	next func() string
}

func call(ctx context.Context, address string, next func() string) (*caller, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &caller{conn: conn, in: bufio.NewReader(conn), next: next}, nil
}

// ask sends the next request and reads its answer. That the server fails is an
// error; that somebody is not there any more is not.
func (c *caller) ask() (time.Duration, error) {
	request := c.next()
	began := time.Now()
	if _, err := io.WriteString(c.conn, request); err != nil {
		return 0, err
	}
	status, length := "", 0
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
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
				return 0, err
			}
		case string(name) == "Transfer-Encoding":
			return 0, fmt.Errorf("an answer without a length, to %.60q", request)
		}
	}
	if _, err := c.in.Discard(length); err != nil {
		return 0, err
	}
	if len(status) < 10 || status[9] == '5' {
		return 0, fmt.Errorf("%s, to %.60q", status, request)
	}
	return time.Since(began), nil
}
