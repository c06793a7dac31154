package embedded

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// superuser is the role that initdb makes: the name that tools expect.
const superuser = "postgres"

// endpoint is the address of a server.
type endpoint struct {
	socketDir string
	host      string // empty: the socket only
	port      int    // also names the socket's file
	password  string
}

// endpoint prepares the socket's folder and chooses the port.
func (c *cluster) endpoint(o Options) (endpoint, error) {
	e := endpoint{port: 5432, password: c.password}
	if o.Listen != "" {
		var err error
		if e.host, e.port, err = reserve(o.Listen); err != nil {
			return e, err
		}
	}
	base := o.RuntimeDir
	for _, shorter := range []string{os.TempDir(), "/tmp"} {
		e.socketDir = filepath.Join(base, folderKey(o.DataDir))
		if len(e.socketFile()) <= maxSocketPath {
			break
		}
		base = temporaryRuntime(shorter, os.Geteuid())
	}
	e.socketDir = filepath.Join(base, folderKey(o.DataDir))
	return e, c.makeSocketDir(base, e.socketDir)
}

// maxSocketPath is the longest path of a socket on macOS; on Linux it is 107.
const maxSocketPath = 103

// folderKey is a short name for a data folder. It gives each folder its own
// socket, which stays the same between runs.
func folderKey(dataDir string) string {
	sum := sha256.Sum256([]byte(dataDir))
	return hex.EncodeToString(sum[:4])
}

func (e endpoint) socketFile() string {
	return filepath.Join(e.socketDir, ".s.PGSQL."+strconv.Itoa(e.port))
}

// makeSocketDir makes an empty folder. It may remove what a killed server left
// there, since this process holds the lock of the data folder.
func (c *cluster) makeSocketDir(base, path string) error {
	if err := privateFolder(base, 0o711); err != nil {
		return err
	}
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		return err
	}
	return c.account.giveFolder(path)
}

// reserve checks that an address is loopback and replaces port 0 with a free one.
func reserve(address string) (host string, port int, err error) {
	host, _, err = net.SplitHostPort(address)
	if err != nil {
		return "", 0, fmt.Errorf("the address to listen on: %w", err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return "", 0, fmt.Errorf("the address to listen on, %s, is not a loopback one such as 127.0.0.1:0", address)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return "", 0, fmt.Errorf("the address to listen on: %w", err)
	}
	return host, listener.Addr().(*net.TCPAddr).Port, listener.Close()
}

func (e endpoint) url(database string) string {
	host, query := e.host, url.Values{}
	if host == "" {
		host = e.socketDir
	}
	query.Set("host", host)
	query.Set("port", strconv.Itoa(e.port))
	query.Set("sslmode", "disable")
	address := url.URL{
		Scheme: "postgres", User: url.UserPassword(superuser, e.password),
		Path: "/" + database,
		// libpq and pgx read a + as a plus sign, not as a space.
		RawQuery: strings.ReplaceAll(query.Encode(), "+", "%20"),
	}
	return address.String()
}

// remove deletes the socket's folder. If that fails, the next start removes it.
func (e endpoint) remove() { _ = os.RemoveAll(e.socketDir) }

// neutral are the parameters that the driver would otherwise take from variables of
// libpq or from files in the home folder.
const neutral = "&connect_timeout=0&passfile=&sslcert=&sslkey=&sslrootcert=&sslpassword=&sslcertmode=allow&sslnegotiation=" +
	"&target_session_attrs=any&min_protocol_version=&max_protocol_version=&channel_binding=prefer&require_auth=" +
	"&options=&timezone=UTC&client_encoding=UTF8&default_transaction_read_only=off&application_name=roster"

// connect connects as the superuser by the socket, whose folder no other user can
// write to. Variables of libpq have no effect but PGSERVICE, which the driver can't be
// told to ignore.
func (e endpoint) connect(ctx context.Context) (*pgx.Conn, error) {
	if service := os.Getenv("PGSERVICE"); service != "" {
		return nil, fmt.Errorf("the environment variable PGSERVICE is %q, and would replace the server's address: unset it", service)
	}
	e.host = ""
	return pgx.Connect(ctx, e.url(superuser)+neutral)
}

// ping returns an error unless the server accepts connections.
func (e endpoint) ping(ctx context.Context) error {
	connection, err := e.connect(ctx)
	if err != nil {
		return err
	}
	return connection.Close(ctx)
}

func (e endpoint) createDatabase(ctx context.Context, name string) error {
	connection, err := e.connect(ctx)
	if err != nil {
		return err
	}
	defer connection.Close(ctx)
	//sqlcheck:allow a database's name can't be a parameter
	_, err = connection.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	if sqlState(err) == "42P04" { // duplicate_database
		return nil
	}
	return err
}

// sqlState returns the SQLSTATE of an error; empty if it has none.
func sqlState(err error) string {
	if refusal := (*pgconn.PgError)(nil); errors.As(err, &refusal) {
		return refusal.Code
	}
	return ""
}
