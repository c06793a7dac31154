package embedded

import (
	"context"
	"fmt"
	"time"
)

// awaitReady returns once the server takes connections: recovery after a crash
// may take it a while. A server that can't be used is stopped first.
func (p *process) awaitReady(ctx context.Context, e endpoint) error {
	for {
		err := e.ping(ctx)
		if err == nil {
			return nil
		}
		if sqlState(err) == "28P01" { // invalid_password
			p.quit()
			return fmt.Errorf("the password file is not this data's: put it back from a copy: %w", err)
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
