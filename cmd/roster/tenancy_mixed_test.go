package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/roster-directory/roster/domain"
)

// mixedAnswers is how many answers the test of mixed tenants checks.
// ROSTER_TEST_TENANCY sets another number.
const mixedAnswers = 100_000

// TestMixedTenantsNeverSeeForeignRows lets callers of many organizations, and of
// none, ask at the same time, so that they share batches, and checks every answer.
func TestMixedTenantsNeverSeeForeignRows(t *testing.T) {
	t.Parallel()
	most := int64(countOf(t, "answers", "ROSTER_TEST_TENANCY", mixedAnswers))
	w := newTenancy(t, true)
	tenants := make([]tenant, 8)
	for i := range tenants {
		tenants[i] = w.newStored()
	}
	var answers, foreign, own atomic.Int64
	var all sync.WaitGroup
	for worker := range 64 {
		all.Go(func() {
			random := rand.New(rand.NewPCG(42, uint64(worker)))
			for answers.Add(1) <= most && foreign.Load() == 0 {
				m := mixedRequest(w, tenants, random)
				seen, fault := m.check()
				own.Add(seen)
				if fault != "" {
					foreign.Add(1)
					t.Errorf("%s %s %s: %s", m.inquiry.method, m.inquiry.target, m.inquiry.body, fault)
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d answers, %d of them with own rows, %d with foreign rows", min(answers.Load(), most), own.Load(), foreign.Load())
	if own.Load() < most/4 {
		t.Errorf("only %d of %d answers have own rows", own.Load(), most)
	}
}

// mixed is a request about one tenant, sent by a caller of another one, or of all
// where home is nil.
type mixed struct {
	*tenancy
	inquiry
	home    *tenant
	about   tenant
	tenants []tenant
}

func mixedRequest(w *tenancy, tenants []tenant, random *rand.Rand) mixed {
	m := mixed{tenancy: w, about: tenants[random.IntN(len(tenants))], tenants: tenants}
	if n := random.IntN(len(tenants) + 1); n < len(tenants) {
		m.home = &tenants[n]
		if random.IntN(3) == 0 {
			m.about = tenants[n]
		}
	}
	about := m.about
	kinds := []inquiry{
		{method: "GET", target: "/users/" + memberID(about)},
		{method: "GET", target: "/users/" + memberID(about)},
		{method: "GET", target: "/users/" + about.owner.ID.String()},
		{method: "GET", target: "/users?limit=50"},
		{method: "GET", target: "/users?sort=username"},
		{method: "POST", target: "/users/search", body: `{"term":"member"}`},
		{method: "POST", target: "/users/search", body: `{"term":"` + about.word + ` member"}`},
		{method: "POST", target: "/users/lookup", body: `{"ids":["` + memberID(tenants[0]) + `","` + memberID(about) + `"]}`},
		{method: "PATCH", target: "/users/" + memberID(about), body: `{"display_name":"member ` + about.word + `"}`},
		{method: "POST", target: "/events", body: newEvent(about)},
		{method: "GET", target: "/organizations/" + orgID(about) + "/members"},
		{method: "GET", target: "/users/" + memberID(about) + "/organizations"},
		{method: "GET", target: "/reports/engagement?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z"},
	}
	m.inquiry = kinds[random.IntN(len(kinds))]
	return m
}

// check sends the request. It reports whether the answer has rows of the caller's
// own tenant, and what is wrong with it.
func (m mixed) check() (own int64, fault string) {
	caller := domain.Principal{Subject: "mixed", Scopes: []domain.Scope{domain.ScopeRead, domain.ScopeWrite}}
	visible := m.home == nil || m.home.word == m.about.word
	if m.home != nil {
		caller.Within = m.home.organization.ID
	}
	got := m.ask(caller, m.inquiry)
	body := got.Body.String()
	if m.home != nil && strings.Contains(body, m.home.word) || m.home == nil && got.Code < 300 {
		own = 1
	}
	switch list := m.lists(); {
	case list && got.Code != 200, !list && visible && got.Code >= 300:
		return own, fmt.Sprintf("%d %s", got.Code, body)
	case !list && visible && m.method == "GET" && !strings.Contains(body, m.about.word) && !strings.Contains(body, orgID(m.about)):
		return own, "is not about the tenant: " + body
	case !list && !visible && got.Code != 404:
		return own, fmt.Sprintf("%d, and not 404: %s", got.Code, body)
	case m.inquiry.target == "/events":
		return own, m.events(visible, body)
	case m.home == nil:
		return own, ""
	}
	for _, other := range m.tenants {
		if other.word == m.home.word {
			continue
		}
		if mark := other.shows(m.inquiry, got); mark != "" {
			return own, "shows " + mark + ": " + body
		}
	}
	return own, ""
}

// lists reports whether the answer is a list, which may be empty.
func (m mixed) lists() bool {
	path, _, _ := strings.Cut(m.inquiry.target, "?")
	return path == "/users" || path == "/users/search" || path == "/users/lookup" || path == "/events" || strings.HasPrefix(path, "/reports")
}

func (m mixed) events(visible bool, body string) string {
	var outcome struct {
		Accepted int
		Rejected []struct{ Field string }
	}
	err := json.Unmarshal([]byte(body), &outcome)
	if err != nil || (outcome.Accepted == 1) != visible || (len(outcome.Rejected) == 0) != visible {
		return fmt.Sprintf("the outcome is %s, %v; visible: %t", body, err, visible)
	}
	return ""
}
