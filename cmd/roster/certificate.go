package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/roster-directory/roster/cmd/roster/settings"
)

// certificate is the server's TLS certificate. It is read again when its files
// change, so that a renewed certificate needs no restart.
type certificate struct {
	cert, key string // the files
	log       *slog.Logger

	mu     sync.Mutex
	loaded *tls.Certificate
	stamp  [2]fileStamp
}

// fileStamp tells versions of a file apart.
type fileStamp struct {
	modified time.Time
	size     int64
}

// newCertificate reads the certificate that is configured; nil where there is none.
func newCertificate(config settings.HTTP, log *slog.Logger) (*certificate, error) {
	if config.TLSCert == "" {
		return nil, nil //nolint:nilnil // no certificate is no error
	}
	c := &certificate{cert: config.TLSCert, key: config.TLSKey, log: log}
	stamp, err := c.stampOfFiles()
	if err == nil {
		err = c.load(stamp)
	}
	if err != nil {
		return nil, fmt.Errorf("ROSTER_TLS_CERT, ROSTER_TLS_KEY: %w", err)
	}
	return c, nil
}

// tls is the configuration of the server; nil where there is no certificate.
func (c *certificate) tls() *tls.Config {
	if c == nil {
		return nil
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}
}

// get returns the certificate for a handshake. The last good one stays in use while
// the files can't be read, such as in the middle of a renewal.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	stamp, err := c.stampOfFiles()
	if err == nil && stamp != c.stamp {
		if err = c.load(stamp); err == nil {
			c.log.Info("The TLS certificate was read again", "file", c.cert)
		}
	}
	if err != nil {
		c.log.Warn("The TLS certificate can't be read, and the last one stays in use", "error", err)
	}
	return c.loaded, nil
}

func (c *certificate) load(stamp [2]fileStamp) error {
	loaded, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return err
	}
	c.loaded, c.stamp = &loaded, stamp
	return nil
}

func (c *certificate) stampOfFiles() (stamp [2]fileStamp, err error) {
	for i, name := range []string{c.cert, c.key} {
		info, err := os.Stat(name)
		if err != nil {
			return stamp, err
		}
		stamp[i] = fileStamp{info.ModTime(), info.Size()}
	}
	return stamp, nil
}
