package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// tlsFiles are a certificate for 127.0.0.1 and its key, in files.
type tlsFiles struct {
	cert, key string
	serial    int64
}

func newTLSFiles(t *testing.T) *tlsFiles {
	t.Helper()
	dir := t.TempDir()
	f := &tlsFiles{cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem")}
	f.renew(t)
	return f
}

// renew writes another certificate, with the next serial number.
func (f *tlsFiles) renew(t *testing.T) {
	t.Helper()
	f.serial++
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(f.serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	secret, keyErr := x509.MarshalPKCS8PrivateKey(key)
	if err := errors.Join(err, keyErr); err != nil {
		t.Fatal(err)
	}
	// The files take their places at once, as those who renew certificates do it.
	for name, block := range map[string]*pem.Block{f.cert: {Type: "CERTIFICATE", Bytes: cert}, f.key: {Type: "PRIVATE KEY", Bytes: secret}} {
		err := errors.Join(os.WriteFile(name+".new", pem.EncodeToMemory(block), 0o600), os.Rename(name+".new", name))
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (f *tlsFiles) settings() []string {
	return []string{"ROSTER_TLS_CERT=" + f.cert, "ROSTER_TLS_KEY=" + f.key}
}

// config is the configuration of a client that trusts the present certificate.
func (f *tlsFiles) config(t *testing.T) *tls.Config {
	t.Helper()
	text, err := os.ReadFile(f.cert)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
}

// client speaks one version of HTTP.
func (f *tlsFiles) client(t *testing.T, http2 bool) *http.Client {
	t.Helper()
	var protocols http.Protocols
	protocols.SetHTTP1(!http2)
	protocols.SetHTTP2(http2)
	transport := &http.Transport{TLSClientConfig: f.config(t), Protocols: &protocols}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// eachClient runs a test as clients of HTTP/1.1 and of HTTP/2.
func eachClient(t *testing.T, test func(t *testing.T, http2 bool)) {
	t.Run("HTTP 1.1", func(t *testing.T) { test(t, false) })
	t.Run("HTTP 2", func(t *testing.T) { test(t, true) })
}

func TestTLSSpeaksBothVersionsOfHTTP(t *testing.T) {
	t.Parallel()
	files := newTLSFiles(t)
	i := serve(t, append(files.settings(), "DATABASE_URL="+migrated.Database(t))...)
	if !strings.HasPrefix(i.url, "https://") {
		t.Errorf("it serves %s", i.url)
	}
	eachClient(t, func(t *testing.T, http2 bool) {
		response, err := files.client(t, http2).Get(i.url + "/users")
		if err != nil {
			t.Fatal(err)
		}
		body := bodyOf(t, response)
		if response.StatusCode != 200 || body != "[]" || response.ProtoMajor == 2 != http2 {
			t.Errorf("%s %d %s", response.Proto, response.StatusCode, body)
		}
	})
	for offered, want := range map[string]string{"h2,http/1.1": "h2", "http/1.1": "http/1.1", "": ""} {
		config := files.config(t)
		config.NextProtos = strings.FieldsFunc(offered, func(r rune) bool { return r == ',' })
		connection, err := tls.Dial("tcp", strings.TrimPrefix(i.url, "https://"), config)
		if err != nil {
			t.Fatal(err)
		}
		if got := connection.ConnectionState().NegotiatedProtocol; got != want {
			t.Errorf("of %q the server chooses %q", offered, got)
		}
		_ = connection.Close()
	}
}

func TestWithoutTLSThereIsNoHTTP2(t *testing.T) {
	t.Parallel()
	i := serve(t, "DATABASE_URL="+migrated.Database(t))
	address := strings.TrimPrefix(i.url, "http://")
	for name, request := range map[string]string{
		"prior knowledge": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"an upgrade": "GET /livez HTTP/1.1\r\nHost: " + address + "\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\n" +
			"HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
	} {
		connection, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(connection, request); err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(connection)
		if err != nil || !strings.HasPrefix(string(text), "HTTP/1.1 ") || strings.HasPrefix(string(text), "HTTP/1.1 101") {
			t.Errorf("%s is answered with %q, %v", name, text, err)
		}
		_ = connection.Close()
	}
}

func TestARenewedCertificateIsReadAgain(t *testing.T) {
	t.Parallel()
	files := newTLSFiles(t)
	i := serve(t, append(files.settings(), "DATABASE_URL="+migrated.Database(t))...)
	serial := func() string {
		t.Helper()
		connection, err := tls.Dial("tcp", strings.TrimPrefix(i.url, "https://"), files.config(t))
		if err != nil {
			return fmt.Sprint(err)
		}
		defer func() { _ = connection.Close() }()
		return connection.ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	before := serial()
	files.renew(t)
	if after := serial(); before != "1" || after != "2" {
		t.Errorf("the certificates are %s and %s", before, after)
	}
	good := files.config(t)
	if err := os.WriteFile(files.key, []byte("half a k"), 0o600); err != nil {
		t.Fatal(err)
	}
	connection, err := tls.Dial("tcp", strings.TrimPrefix(i.url, "https://"), good)
	if err != nil {
		t.Fatalf("while the files are wrong: %v", err)
	}
	_ = connection.Close()
	i.awaitLog("the last one stays in use")
	if log := i.log.String(); strings.Contains(log, "half a k") {
		t.Errorf("the log has the content of the file:\n%s", log)
	}
}

func TestImportsOverTLS(t *testing.T) {
	t.Parallel()
	files := newTLSFiles(t)
	eachClient(t, func(t *testing.T, http2 bool) {
		url := migrated.Database(t)
		i := serve(t, append(files.settings(), "DATABASE_URL="+url)...)
		client := files.client(t, http2)
		u := startUploadBy(t, client, i.url)
		if u.response.ProtoMajor == 2 != http2 {
			t.Errorf("the response is %s", u.response.Proto)
		}
		go func() { _, _ = io.WriteString(u.send, u.line(1)+u.line(2)) }()
		u.receive(3)
		if code := i.stop(); code != exitDone {
			t.Errorf("roster serve ends with %d:\n%s", code, i.log)
		}
		if u.results.Scan() || u.results.Err() == nil {
			t.Errorf("then %q", u.results.Text())
		}
		u.expectKept(url, 0)
	})
}
