//go:build !unix

package drain

import "net"

// hasQueue returns false: there is no way to look into the queue.
func hasQueue(*net.TCPListener) bool { return false }
