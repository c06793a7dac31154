package app

import (
	"sync"
	"time"

	"github.com/roster-directory/roster/domain"
)

// uses are the last uses of API keys that are not stored yet. Requests do not wait
// for the storage of their key's use.
type uses struct {
	mu   sync.Mutex
	last map[domain.APIKeyID]time.Time
}

func (u *uses) note(id domain.APIKeyID, at time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.last == nil {
		u.last = map[domain.APIKeyID]time.Time{}
	}
	if at.After(u.last[id]) {
		u.last[id] = at
	}
}

func (u *uses) take() map[domain.APIKeyID]time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	taken := u.last
	u.last = nil
	return taken
}

func (u *uses) giveBack(taken map[domain.APIKeyID]time.Time) {
	for id, at := range taken {
		u.note(id, at)
	}
}
