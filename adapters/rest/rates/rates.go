// Package rates limits what each caller may ask of this process.
//
// Each operation has a cost in units. Each caller has an allowance, which is a token
// bucket: it holds at most burst units, and grows by perSecond units a second. A request
// takes its cost from it, and is refused if less is there. An operation that costs more
// than burst takes a whole allowance, so that it can run.
//
// An allowance that is whole again is dropped. Memory is thus bounded by the callers
// of the time in which an empty allowance becomes whole.
package rates

import (
	"container/list"
	"math"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limiter has the allowances of all callers. It is safe for concurrent use.
type Limiter struct {
	perSecond, burst int
	now              func() time.Time
	policy           []string

	mu        sync.Mutex
	bySubject map[string]*list.Element
	// byUse has the allowances in the order of their last use, the oldest first.
	byUse *list.List
	// unauthenticated is the allowance of all requests without valid credentials: such
	// credentials have no end, so that each can't have an allowance of its own.
	unauthenticated *rate.Limiter
}

// allowance is what a caller may spend.
type allowance struct {
	subject string
	units   *rate.Limiter
}

// Result says whether a request is admitted, and what is left.
type Result struct {
	// Wait is after how many seconds the allowance is enough; 0 admits the request.
	Wait int
	// Remaining are the units that are left.
	Remaining int
}

// New makes a limiter. Both numbers are at least 1; now is the clock.
func New(perSecond, burst int, now func() time.Time) *Limiter {
	seconds := (burst + perSecond - 1) / perSecond
	return &Limiter{
		perSecond: perSecond, burst: burst, now: now,
		policy:    []string{`"default";q=` + strconv.Itoa(burst) + `;w=` + strconv.Itoa(seconds)},
		bySubject: make(map[string]*list.Element), byUse: list.New(),
		unauthenticated: rate.NewLimiter(rate.Limit(perSecond), burst),
	}
}

// Policy is the value of the header RateLimit-Policy.
func (l *Limiter) Policy() []string { return l.policy }

// Header is the value of the header RateLimit. Less than a whole allowance grows by at
// least a unit within a second.
func (l *Limiter) Header(result Result) string {
	text := `"default";r=` + strconv.Itoa(result.Remaining)
	if result.Remaining < l.burst {
		text += ";t=1"
	}
	return text
}

// Take takes a cost from the allowance of a caller. It takes nothing if the request is
// refused.
func (l *Limiter) Take(subject string, cost int) Result {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.dropWhole(now)
	return l.take(l.allowance(subject), cost, now)
}

// TakeUnauthenticated takes a cost from the allowance of requests without valid
// credentials.
func (l *Limiter) TakeUnauthenticated(cost int) Result {
	return l.take(l.unauthenticated, cost, l.now())
}

func (l *Limiter) take(units *rate.Limiter, cost int, now time.Time) Result {
	cost = min(cost, l.burst)
	admitted := units.AllowN(now, cost)
	remaining := units.TokensAt(now)
	if admitted {
		return Result{Remaining: whole(remaining)}
	}
	wait := math.Ceil((float64(cost)-remaining)/float64(l.perSecond) - tolerance)
	return Result{Wait: max(int(wait), 1), Remaining: whole(remaining)}
}

// tolerance is less than the nanosecond to which rate.Limiter rounds a wait.
const tolerance = 5e-10

// whole are the whole units of a number that additions may have made a bit too small.
func whole(units float64) int { return int(max(units, 0) + tolerance) }

// allowance returns that of a caller, as the last used.
func (l *Limiter) allowance(subject string) *rate.Limiter {
	if element, ok := l.bySubject[subject]; ok {
		l.byUse.MoveToBack(element)
		return element.Value.(*allowance).units
	}
	made := &allowance{subject, rate.NewLimiter(rate.Limit(l.perSecond), l.burst)}
	l.bySubject[subject] = l.byUse.PushBack(made)
	return made.units
}

// dropWhole drops the allowances that were not used for longest, if they are whole: at most
// two, so that no request pays for many, and more than a request can add.
func (l *Limiter) dropWhole(now time.Time) {
	for range 2 {
		oldest := l.byUse.Front()
		if oldest == nil || whole(oldest.Value.(*allowance).units.TokensAt(now)) < l.burst {
			return
		}
		delete(l.bySubject, l.byUse.Remove(oldest).(*allowance).subject)
	}
}
