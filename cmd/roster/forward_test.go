package main

import (
	"io"
	"net"
	"sync"
	"testing"
)

// forward accepts connections until the end of the test, and passes each on to the server
// to which connect returns a connection; nil ends it. It returns its address.
func forward(t *testing.T, connect func() net.Conn) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() { pass(client, connect) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		running.Wait()
	})
	return listener.Addr().String()
}

// pass copies both directions of a connection until both sides end.
func pass(client net.Conn, connect func() net.Conn) {
	defer func() { _ = client.Close() }() // an error: it is closed
	server := connect()
	if server == nil {
		return
	}
	defer func() { _ = server.Close() }() // an error: it is closed
	var copies sync.WaitGroup
	copies.Go(func() { copyAll(server, client) })
	copies.Go(func() { copyAll(client, server) })
	copies.Wait()
}

func copyAll(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.(*net.TCPConn).CloseWrite()
}
