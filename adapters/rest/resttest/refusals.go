package resttest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
)

// testRefusals checks the problems of every failure of the store that an operation
// can meet.
func testRefusals(t *testing.T, edge Edge) {
	for request, refusals := range refusalsByRequest() {
		for _, c := range append(refusals, refusal{failing(domain.Unavailable, domain.ReasonOverloaded, ""), 503, "overloaded", ""}) {
			t.Run(fmt.Sprintf("%s answers %d %s", request, c.status, c.slug), func(t *testing.T) {
				w := newWorld(t, edge)
				w.replyAll(c.err)
				for _, each := range stockRequests() {
					if each.method+" "+each.target == request {
						refused(t, w.ask(t, each.method, each.target, each.body), c.status, c.slug, strings.Fields(c.place)...)
						return
					}
				}
				t.Error("there is no such request")
			})
		}
	}
}

// refusalsByRequest are the failures that each request of stockRequests can meet.
func refusalsByRequest() map[string][]refusal {
	taken := failing(domain.Conflict, domain.ReasonTaken, "slug")
	plan := failing(domain.Invalid, domain.ReasonUnknown, "plan")
	owner := failing(domain.Invalid, domain.ReasonUnknown, "owner")
	nothing := failing(domain.NotFound, domain.ReasonUnknown, "")
	stale := failing(domain.Stale, domain.ReasonVersion, "")
	seats := failing(domain.Conflict, domain.ReasonSeats, "")
	lastOwner := failing(domain.Conflict, domain.ReasonLastOwner, "")
	inUse := failing(domain.Conflict, domain.ReasonInUse, "")
	underWay := failing(domain.Conflict, domain.ReasonInProgress, "Idempotency-Key")
	reused := failing(domain.Invalid, domain.ReasonReused, "Idempotency-Key")
	key := "?Idempotency-Key"
	return map[string][]refusal{
		"POST /organizations": {
			{taken, 409, "taken", "/slug"},
			{plan, 422, "invalid", "/plan"},
			{owner, 422, "invalid", "/owner"},
			{underWay, 409, "key-in-progress", key},
			{reused, 422, "key-reused", key},
		},
		"GET " + orgPath: {{nothing, 404, "not-found", ""}},
		"PUT " + orgPath: {
			{nothing, 404, "not-found", ""},
			{stale, 412, "stale", ""},
			{taken, 409, "taken", "/slug"},
			{plan, 422, "invalid", "/plan"},
			{seats, 409, "seats", ""},
			{underWay, 409, "key-in-progress", key},
			{reused, 422, "key-reused", key},
		},
		"PATCH " + orgPath: {
			{nothing, 404, "not-found", ""},
			{stale, 412, "stale", ""},
			{taken, 409, "taken", "/slug"},
			{plan, 422, "invalid", "/plan"},
			{seats, 409, "seats", ""},
			{underWay, 409, "key-in-progress", key},
			{reused, 422, "key-reused", key},
		},
		"DELETE " + orgPath:    {{nothing, 404, "not-found", ""}, {stale, 412, "stale", ""}},
		"GET " + membersPath:   {{nothing, 404, "not-found", ""}},
		"GET " + memberPath:    {{nothing, 404, "not-found", ""}},
		"PUT " + memberPath:    {{nothing, 404, "not-found", ""}, {seats, 409, "seats", ""}, {lastOwner, 409, "last-owner", ""}},
		"DELETE " + memberPath: {{nothing, 404, "not-found", ""}, {lastOwner, 409, "last-owner", ""}},
		"GET /plans/team":      {{nothing, 404, "not-found", ""}},
		"PUT /plans/team":      {{seats, 409, "seats", ""}, {stale, 412, "stale", ""}},
		"DELETE /plans/team":   {{nothing, 404, "not-found", ""}, {inUse, 409, "in-use", ""}},
		"POST /events":         {{underWay, 409, "key-in-progress", key}, {reused, 422, "key-reused", key}},
		"GET /organizations":   nil,
		"GET /plans":           nil,
	}
}

// refusal is a failure of the store, and the problem that answers it.
type refusal struct {
	err    error
	status int
	slug   string
	place  string
}
