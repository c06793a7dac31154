package bulk

import "time"

// SetLeaseTime is how long the leases of the store's imports last unless renewed.
func (b *Store) SetLeaseTime(d time.Duration) { b.leaseTime = d }
