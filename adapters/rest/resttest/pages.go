package resttest

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// linkPattern is one target of a header Link.
var linkPattern = regexp.MustCompile(`<([^<>]*)>; rel="(first|next)"`)

// links returns the targets of the header Link of a response by their relations, as a client
// resolves them: relative to the target of the request.
func links(target string, header http.Header) map[string]string {
	found := map[string]string{}
	for _, each := range linkPattern.FindAllStringSubmatch(header.Get("Link"), -1) {
		found[each[2]] = resolved(target, each[1])
	}
	return found
}

// resolved is a reference in the response to a request for target.
func resolved(target, reference string) string {
	base := domain.MustParse(url.Parse(target))
	return domain.MustParse(base.Parse(reference)).String()
}

// endless makes every page of users one that is followed by another.
func (w *world) endless() {
	reply(&w.users.ListUsersFunc, ports.Page[domain.User]{Items: []domain.User{ada()}, More: true}, nil)
}

func testLinks(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.endless()
	t.Run("the last page leads to the first alone", func(t *testing.T) {
		response := newWorld(t, edge).ask(t, "GET", "/users?limit=2&status=active", "")
		if got := response.Header().Get("Link"); got != `<users?limit=2&status=active>; rel="first"` {
			t.Errorf("Link is %q", got)
		}
	})
	for _, c := range []struct {
		sort string
		want domain.UserPosition
	}{
		{"", domain.UserPosition{At: ada().CreatedAt, ID: ada().ID}},
		{"created_at", domain.UserPosition{At: ada().CreatedAt, ID: ada().ID}},
		{"-updated_at", domain.UserPosition{At: ada().UpdatedAt, ID: ada().ID}},
		{"username", domain.UserPosition{Key: "ada", ID: ada().ID}},
		{"-email", domain.UserPosition{Key: "ada@example.com", ID: ada().ID}},
	} {
		t.Run("the next page begins after the last user, by "+c.sort, func(t *testing.T) {
			target := "/users?limit=1"
			if c.sort != "" {
				target += "&sort=" + c.sort
			}
			next := links(target, w.ask(t, "GET", target, "").Header())["next"]
			if !strings.HasPrefix(next, target+"&cursor=") {
				t.Fatalf("the next page is %q", next)
			}
			w.ask(t, "GET", next, "")
			calls := w.users.ListUsersCalls()
			got := calls[len(calls)-1].ListUsers
			if got.After == nil || got.After.ID != c.want.ID || got.After.Key != c.want.Key || got.Limit.Int() != 1 ||
				c.want.Key == "" && !got.After.At.Equal(c.want.At) {
				t.Errorf("it begins after %+v", got.After)
			}
		})
	}
	t.Run("a cursor is not in the links of its page", func(t *testing.T) {
		next := links("/users?limit=1", w.ask(t, "GET", "/users?limit=1", "").Header())["next"]
		got := links(next, w.ask(t, "GET", next, "").Header())
		if got["first"] != "/users?limit=1" || strings.Count(got["next"], "cursor=") != 1 || got["next"] == next {
			t.Errorf("the links are %q", got)
		}
	})
	t.Run("organizations of a user have pages", func(t *testing.T) { testAffiliationPages(t, edge) })
	t.Run("a cursor that was altered is refused", func(t *testing.T) { testAlteredCursors(t, w) })
	t.Run("a cursor of another query is refused", func(t *testing.T) { testForeignCursors(t, w, newWorld(t, edge)) })
	t.Run("a missing secret is no fault of the client", func(t *testing.T) { testCursorKeys(t, edge) })
}

func testAffiliationPages(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	page := func(more bool) func(context.Context, ports.ListAffiliations) (ports.Page[domain.Affiliation], error) {
		return func(context.Context, ports.ListAffiliations) (ports.Page[domain.Affiliation], error) {
			return ports.Page[domain.Affiliation]{Items: []domain.Affiliation{{Organization: engines(), Role: domain.Member}}, More: more}, nil
		}
	}
	w.memberships.OrganizationsOfFunc = page(true)
	next := links(adaOrganizations+"?limit=1", w.ask(t, "GET", adaOrganizations+"?limit=1", "").Header())["next"]
	w.memberships.OrganizationsOfFunc = page(false)
	if got := links(next, w.ask(t, "GET", next, "").Header()); got["next"] != "" {
		t.Errorf("the last page leads to %q", got["next"])
	}
	got := w.memberships.OrganizationsOfCalls()[1].ListAffiliations
	if got.User != ada().ID || got.After == nil || got.After.Key != "Analytical Engines" || got.After.ID != engines().ID ||
		got.Limit.Int() != 1 {
		t.Errorf("listed %+v", got)
	}
	other := strings.Replace(next, adaID, orgID, 1)
	refused(t, w.ask(t, "GET", other, ""), 400, "parameter", "?cursor")
}

func testAlteredCursors(t *testing.T, w *world) {
	next := links("/users?limit=1", w.ask(t, "GET", "/users?limit=1", "").Header())["next"]
	cursor := next[strings.LastIndexByte(next, '=')+1:]
	for i := range cursor {
		other := byte('A')
		if cursor[i] == 'A' {
			other = 'B'
		}
		altered := cursor[:i] + string(other) + cursor[i+1:]
		refused(t, w.ask(t, "GET", "/users?cursor="+altered, ""), 400, "parameter", "?cursor")
	}
	for _, forged := range []string{
		"x", cursor[1:], cursor[:len(cursor)-1], cursor + "A", cursor + "=", cursor + cursor,
		url.QueryEscape("é/+ "), strings.Repeat("A", 100),
	} {
		refused(t, w.ask(t, "GET", "/users?cursor="+forged, ""), 400, "parameter", "?cursor")
	}
}

func testForeignCursors(t *testing.T, w, other *world) {
	next := links("/users?status=active&sort=username", w.ask(t, "GET", "/users?status=active&sort=username", "").Header())["next"]
	cursor := next[strings.LastIndexByte(next, '=')+1:]
	for _, target := range []string{
		"/users?cursor=", "/users?status=active&cursor=", "/users?sort=username&cursor=", "/users?status=suspended&sort=username&cursor=",
		"/users?status=active&sort=-username&cursor=", "/users?status=active&sort=username&role=owner&cursor=",
		"/users?changed_since=2026-01-01T00:00:00Z&cursor=", adaOrganizations + "?cursor=",
	} {
		refused(t, w.ask(t, "GET", target+cursor, ""), 400, "parameter", "?cursor")
	}
	for _, target := range []string{
		"/users?sort=username&status=active&limit=3&fields=id&total=none&cursor=",
		"/users?status=%61ctive&sort=username&cursor=",
	} {
		if response := w.ask(t, "GET", target+cursor, ""); response.Code != 200 {
			t.Errorf("the same query with another limit is refused: %d %s", response.Code, response.Body)
		}
	}
	if response := other.ask(t, "GET", next, ""); response.Code != 200 {
		t.Errorf("a replica with the same secret refuses the cursor: %d %s", response.Code, response.Body)
	}
}

func testCursorKeys(t *testing.T, edge Edge) {
	asked := 0
	w := newWorld(t, edge, func(o *rest.Options) {
		o.CursorKey = func(context.Context) ([]byte, error) {
			if asked++; asked == 1 {
				return nil, errors.Join(hidden(), failing(domain.Unavailable, domain.ReasonUnreachable, ""))
			}
			return []byte("another secret"), nil
		}
	})
	w.endless()
	refused(t, w.ask(t, "GET", "/users", ""), 503, "unavailable")
	next := links("/users", w.ask(t, "GET", "/users", "").Header())["next"]
	if response := w.ask(t, "GET", next, ""); response.Code != 200 || asked != 2 {
		t.Errorf("%d after the secret was asked for %d times", response.Code, asked)
	}
	stranger := newWorld(t, edge)
	refused(t, stranger.ask(t, "GET", next, ""), 400, "parameter", "?cursor")
}
