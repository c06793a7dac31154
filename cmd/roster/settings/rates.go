package settings

import (
	"errors"
	"fmt"
)

const (
	maxRate = 100_000
	// burstSeconds is the default of the burst: what a caller gets in this time.
	burstSeconds = 10
	// maxBurstSeconds bounds how long the process keeps the allowance of a caller that
	// has left.
	maxBurstSeconds = 3600
)

// Burst returns the most units that a caller may spend at once, by default those of 10 s.
func (h *HTTP) Burst() int {
	if h.RateBurst == 0 {
		return h.Rate * burstSeconds
	}
	return h.RateBurst
}

func (h *HTTP) checkRate() error {
	if h.Rate == 0 {
		return refuse(h.RateBurst != 0, "ROSTER_RATE", h.Rate, "set the units a second, so that ROSTER_RATE_BURST has an effect")
	}
	if h.Rate < 0 || h.Rate > maxRate {
		return refuse(true, "ROSTER_RATE", h.Rate, fmt.Sprintf("set 1 to %d units a second, or 0 for no limit", maxRate))
	}
	return errors.Join(
		refuse(h.Auth == "none", "ROSTER_RATE", h.Rate,
			"set ROSTER_AUTH=token, since with none all callers are one and have no limit, or set 0"),
		refuse(h.RateBurst < 0 || h.RateBurst > h.Rate*maxBurstSeconds, "ROSTER_RATE_BURST", h.RateBurst,
			fmt.Sprintf("set 1 to %d, which ROSTER_RATE gives in an hour, or 0 for what it gives in %d s",
				h.Rate*maxBurstSeconds, burstSeconds)),
	)
}
