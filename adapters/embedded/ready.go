package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// awaitReady returns once the server accepts connections, which may take a while
// after a crash. If it returns an error, the server is stopped.
func (p *process) awaitReady(ctx context.Context, e endpoint) error {
	for {
		err := e.ping(ctx)
		if err == nil {
			return nil
		}
		if !starting(err) {
			p.quit()
			return refusal("the server", err)
		}
		select {
		case <-p.done:
			return p.failure()
		case <-ctx.Done():
			p.quit()
			return fmt.Errorf("the server did not come up: %w: %w", context.Cause(ctx), err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// refusal says why a server that has started does not accept Roster's connection.
func refusal(server string, err error) error {
	if sqlState(err) == "28P01" { // invalid_password
		return fmt.Errorf("the password file does not match the data: restore it from a copy: %w", err)
	}
	return fmt.Errorf("%s does not let Roster in: %w", server, err)
}

// starting reports whether an error says that the server is not ready yet: it listens
// nowhere, or says so (cannot_connect_now), or is ending.
func starting(err error) bool {
	if state := sqlState(err); state != "" {
		return state == "57P03" || state == "57P01" || state == "53300"
	}
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
