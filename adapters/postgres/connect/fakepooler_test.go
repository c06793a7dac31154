package connect_test

import (
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// fakePooler lends connections to a database as PgBouncer 1.18 does: it takes few
// parameters when a client connects, tells a process that is not the server's, and
// does not follow prepared statements.
type fakePooler struct {
	t              *testing.T
	server         string // the address of the database
	listener       net.Listener
	perTransaction bool

	clients sync.WaitGroup
	mu      sync.Mutex
	open    []net.Conn
	idle    []*pgconn.HijackedConn // the last one is lent first
}

// startPooler starts a pooler and returns the address of the database through it.
func startPooler(t *testing.T, server string, perTransaction bool) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &fakePooler{t: t, server: server, listener: listener, perTransaction: perTransaction}
	p.clients.Go(p.accept)
	t.Cleanup(p.stop)
	address, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	address.Host, address.RawQuery = listener.Addr().String(), "sslmode=disable"
	return address.String()
}

func (p *fakePooler) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.keep(client)
		p.clients.Go(func() {
			defer func() { _ = client.Close() }()
			p.serve(pgproto3.NewBackend(client, client))
		})
	}
}

func (p *fakePooler) keep(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = append(p.open, c)
}

func (p *fakePooler) stop() {
	_ = p.listener.Close()
	p.mu.Lock()
	for _, c := range p.open {
		_ = c.Close()
	}
	p.mu.Unlock()
	p.clients.Wait()
}

// serve forwards the messages of a client until it leaves.
func (p *fakePooler) serve(client *pgproto3.Backend) {
	if !p.welcome(client) {
		return
	}
	var lent *pgconn.HijackedConn
	defer func() {
		if lent != nil {
			_ = lent.Conn.Close() // as server_reset_query would, its session ends
		}
	}()
	for {
		message, err := client.Receive()
		if err != nil {
			return
		}
		if _, leaves := message.(*pgproto3.Terminate); leaves {
			return
		}
		if lent == nil {
			if lent = p.lend(); lent == nil {
				return
			}
		}
		lent.Frontend.Send(message)
		_, query := message.(*pgproto3.Query)
		_, sync := message.(*pgproto3.Sync)
		if !query && !sync {
			continue
		}
		status, ok := forward(lent, client)
		if !ok {
			return
		}
		if p.perTransaction && status == 'I' {
			p.mu.Lock()
			p.idle = append(p.idle, lent)
			p.mu.Unlock()
			lent = nil
		}
		if client.Flush() != nil {
			return
		}
	}
}

// forward sends what a client asked, and the answer to it.
func forward(server *pgconn.HijackedConn, client *pgproto3.Backend) (status byte, ok bool) {
	if server.Frontend.Flush() != nil {
		return 0, false
	}
	for {
		message, err := server.Frontend.Receive()
		if err != nil {
			return 0, false
		}
		client.Send(message)
		if ready, done := message.(*pgproto3.ReadyForQuery); done {
			return ready.TxStatus, true
		}
	}
}

// welcome answers the first message of a client.
func (*fakePooler) welcome(client *pgproto3.Backend) bool {
	message, err := client.ReceiveStartupMessage()
	if err != nil {
		return false
	}
	startup, _ := message.(*pgproto3.StartupMessage)
	known := []string{"user", "database", "application_name", "client_encoding", "datestyle", "timezone", "standard_conforming_strings"}
	for name := range startup.Parameters {
		if !slices.Contains(known, strings.ToLower(name)) {
			client.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: "08P01", Message: "unsupported startup parameter: " + name})
			_ = client.Flush()
			return false
		}
	}
	client.Send(&pgproto3.AuthenticationOk{})
	client.Send(&pgproto3.ParameterStatus{Name: "server_encoding", Value: "UTF8"})
	client.Send(&pgproto3.ParameterStatus{Name: "server_version", Value: "15.1"})
	client.Send(&pgproto3.ParameterStatus{Name: "standard_conforming_strings", Value: "on"})
	client.Send(&pgproto3.BackendKeyData{ProcessID: 4_000_000_000, SecretKey: []byte("1234")})
	client.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
	return client.Flush() == nil
}

// lend returns an idle connection to the server, or a new one.
func (p *fakePooler) lend() *pgconn.HijackedConn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.idle); n > 0 {
		lent := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return lent
	}
	connected, err := pgconn.Connect(p.t.Context(), p.server)
	if err != nil {
		return nil
	}
	lent, err := connected.Hijack()
	if err != nil {
		return nil
	}
	p.open = append(p.open, lent.Conn)
	return lent
}
