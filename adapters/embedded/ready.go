package embedded

import (
	"context"
	"fmt"
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
		if sqlState(err) == "28P01" { // invalid_password
			p.quit()
			return fmt.Errorf("the password file does not match the data: restore it from a copy: %w", err)
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
