package database

// signalWrites prepares the signal of writes. It holds one value, so that a write never
// waits for the reader, and many writes wake the reader once.
func (c *core) signalWrites() {
	c.written = make(chan struct{}, 1)
	for class := range c.leaveWrite {
		leave := c.shares.leave[class]
		c.leaveWrite[class] = func() {
			leave()
			select {
			case c.written <- struct{}{}:
			default: // the reader has not read since an earlier write
			}
		}
	}
}

// Written receives soon after writes of this pool, for one reader.
func (p *Pool) Written() <-chan struct{} { return p.written }
