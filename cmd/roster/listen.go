package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"

	"github.com/roster-directory/roster/cmd/roster/drain"
	"github.com/roster-directory/roster/cmd/roster/flags"
	"github.com/roster-directory/roster/cmd/roster/settings"
	"github.com/roster-directory/roster/cmd/roster/systemd"
)

// listen checks the settings and returns the socket that systemd passes, or opens the
// address. Beyond the loopback interface, only proxies may connect without TLS.
func (s *session) listen(ctx context.Context, config *settings.Config) (listener, error) {
	passed, err := systemd.Listener(parseEnvironment(s.environ))
	if err != nil {
		return nil, &usageError{err}
	}
	if passed != nil {
		if config.HTTP, err = at(config.HTTP, passed.Addr()); err != nil {
			_ = passed.Close()
			return nil, &usageError{err}
		}
	}
	if err := config.Check(); err != nil {
		if passed != nil {
			_ = passed.Close()
			err = fmt.Errorf("on the socket that systemd passes, which is %s: %w", passed.Addr(), err)
		}
		return nil, &usageError{err}
	}
	s.serving = true
	opened := &drain.Listener{TCPListener: passed, Shared: passed != nil}
	if passed == nil {
		if opened.TCPListener, err = open(ctx, config.HTTP); err != nil {
			return nil, err
		}
	}
	networks, err := config.HTTP.ProxyNetworks()
	if err != nil || len(networks) == 0 {
		return opened, err
	}
	return &proxyListener{opened, networks, s.component(logHTTP)}, nil
}

// at returns the settings with the address of a socket that systemd has opened. There is
// no delay before the process stops accepting: the next one accepts from the same socket.
func at(config settings.HTTP, address net.Addr) (settings.HTTP, error) {
	if config.Addr != "" && config.Addr != address.String() {
		const fix = "unset ROSTER_ADDR, since ListenStream= in the unit of the socket is the address"
		return config, fmt.Errorf("ROSTER_ADDR is %s, and systemd passes a socket at %s: %s", strconv.Quote(config.Addr), address, fix)
	}
	config.Addr, config.DrainDelay = address.String(), 0
	return config, nil
}

func open(ctx context.Context, config settings.HTTP) (*net.TCPListener, error) {
	opened, err := new(net.ListenConfig).Listen(ctx, "tcp", config.Address())
	if err != nil {
		return nil, listenError(config, err)
	}
	return opened.(*net.TCPListener), nil
}

// listenError names the setting of the address, and says why it can't be had.
func listenError(config settings.HTTP, err error) error {
	name, fix := "PORT", "set another port"
	if config.Addr != "" {
		name, fix = "ROSTER_ADDR", "set another address"
	}
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		fix = "stop the program that listens there, or " + fix
	case errors.Is(err, syscall.EACCES):
		fix += ": this user may not listen there; ports from 1024 on need no right"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		fix += ": this one is none of this machine's"
	}
	return fmt.Errorf("%s: %w: %s", name, err, fix)
}

// announce logs the address that Roster serves, and returns it as a URL.
func (s *session) announce(ctx context.Context, address net.Addr, config settings.HTTP) string {
	scheme := "http"
	if config.TLSCert != "" {
		scheme = "https"
	}
	if config.Insecure && config.Auth == "none" {
		s.log.WarnContext(ctx, "ROSTER_INSECURE=yes: everybody who reaches the address is an administrator",
			"address", address.String())
	}
	url := scheme + "://" + address.String()
	s.log.InfoContext(ctx, "Roster serves", "url", url, "authentication", config.Auth)
	if s.textLog {
		s.log.InfoContext(ctx, s.keyHint(config))
	}
	return url
}

// notifySystemd tells systemd a state, for units of Type=notify.
func (s *session) notifySystemd(state string) {
	if err := systemd.Notify(parseEnvironment(s.environ), state); err != nil {
		s.log.Warn("systemd was not told that Roster is ready or stops", "state", state, "error", err)
	}
}

// isSet reports whether a setting of the command has another origin than its default.
func (s *session) isSet(variable string) bool {
	for _, f := range s.flags {
		if f.Variable == variable {
			return f.Origin != flags.FromDefault
		}
	}
	return false
}
