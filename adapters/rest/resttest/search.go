package resttest

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

func testSearch(t *testing.T, edge Edge) {
	t.Run("the filters of a search are those of a list", func(t *testing.T) {
		w := newWorld(t, edge)
		w.ask(t, "POST", "/users/search?status=suspended&organization="+adaID+"&role=owner&plan=pro&email_domain=example.com&deleted=include"+
			"&created_from=2026-01-01T00:00:00Z&created_to=2026-02-01T00:00:00Z", `{"term":"ada"}`)
		w.ask(t, "GET", "/users?status=suspended&organization="+adaID+"&role=owner&plan=pro&email_domain=example.com&deleted=include"+
			"&created_from=2026-01-01T00:00:00Z&created_to=2026-02-01T00:00:00Z", "")
		searched, listed := w.users.SearchUsersCalls()[0].SearchUsers.Filter, w.users.ListUsersCalls()[0].ListUsers.Filter
		if searched != listed || searched.Status != domain.Suspended {
			t.Errorf("searched by %+v, listed by %+v", searched, listed)
		}
	})
	t.Run("the next page begins after the last user, for the same term alone", func(t *testing.T) {
		w := newWorld(t, edge)
		w.users.SearchUsersFunc = func(context.Context, ports.SearchUsers) (ports.FoundUsers, error) {
			f := found(ada())
			f.More = true
			return f, nil
		}
		const target = "/users/search?limit=1&status=active"
		next := links(target, w.ask(t, "POST", target, `{"term":"ada"}`).Header())["next"]
		if !strings.HasPrefix(next, target+"&cursor=") {
			t.Fatalf("the next page is %q", next)
		}
		w.ask(t, "POST", next, `{"term":"ada"}`)
		want := domain.SearchPosition{Match: domain.MatchWords, At: ada().CreatedAt, ID: ada().ID}
		if got := w.users.SearchUsersCalls()[1].SearchUsers.After; got == nil || *got != want {
			t.Errorf("the next page begins after %+v, want %+v", got, want)
		}
		refused(t, w.ask(t, "POST", next, `{"term":"ben"}`), 400, "parameter", "?cursor")
		for _, other := range []string{"status=suspended", "status=active&email_domain=example.com", "status=active&deleted=only"} {
			refused(t, w.ask(t, "POST", strings.Replace(next, "status=active", other, 1), `{"term":"ada"}`), 400, "parameter", "?cursor")
		}
	})
	t.Run("a page that ends early has a next page, which begins where it ended", func(t *testing.T) { testEarlyEnds(t, edge) })
	t.Run("deleted users are searched by administrators alone", func(t *testing.T) { testSearchRights(t, edge) })
	t.Run("matching words are marked on request", func(t *testing.T) { testHighlights(t, edge) })
}

func testEarlyEnds(t *testing.T, edge Edge) {
	for _, at := range []domain.SearchPosition{
		{Match: domain.MatchWords, At: ada().CreatedAt, ID: ada().ID, Empty: true},
		{Match: domain.MatchPrefix, At: ada().CreatedAt},
		{Match: domain.MatchSimilar, At: ada().CreatedAt, ID: ada().ID, Edits: 2},
		{Match: domain.MatchSimilar, At: ada().CreatedAt, ID: ada().ID, Edits: 1, Empty: true},
	} {
		w := newWorld(t, edge)
		w.users.SearchUsersFunc = func(context.Context, ports.SearchUsers) (ports.FoundUsers, error) {
			return ports.FoundUsers{Page: ports.Page[ports.FoundUser]{More: true}, NextAfter: &at}, nil
		}
		response := w.ask(t, "POST", "/users/search", `{"term":"ada"}`)
		accepted(t, response, 200, "[]")
		w.ask(t, "POST", links("/users/search", response.Header())["next"], `{"term":"ada"}`)
		if got := w.users.SearchUsersCalls()[1].SearchUsers.After; got == nil || *got != at {
			t.Errorf("the next page begins after %+v, want %+v", got, at)
		}
	}
}

func testSearchRights(t *testing.T, edge Edge) {
	for name, status := range map[string]int{"read": 403, "write": 403, "admin": 200} {
		w := newWorld(t, edge, func(o *rest.Options) {
			o.Authenticate = func(*http.Request) (domain.Principal, error) { return principals()[name], nil }
		})
		for _, deleted := range []string{"include", "only"} {
			response := w.ask(t, "POST", "/users/search?deleted="+deleted, `{"term":"ada"}`)
			if status == 200 {
				accepted(t, response, 200, response.Body.String())
			} else {
				refused(t, response, status, "denied")
			}
		}
		if calls := len(w.users.SearchUsersCalls()); calls > 0 != (status == 200) {
			t.Errorf("%s searched %d times", name, calls)
		}
	}
}

func testHighlights(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	accepted(t, w.ask(t, "POST", "/users/search?fields=id&highlight=html", `{"term":"zoe @exam"}`), 200, `[{"id":"`+adaID+
		`","match":"words","highlight":{`+
		`"username":"ada","email":"ada@<mark>example.com</mark>","display_name":"<mark>Zoë</mark> &#34;李小龍&#34; &lt;&amp;&gt;"}}]`)
	w.users.SearchUsersFunc = func(context.Context, ports.SearchUsers) (ports.FoundUsers, error) {
		f := found(ada())
		f.Items[0].Match, f.Corrections = domain.MatchSimilar, []string{"zoe", "ada"}
		return f, nil
	}
	accepted(t, w.ask(t, "POST", "/users/search?fields=id&highlight=html", `{"term":"zeo"}`), 200, `[{"id":"`+adaID+
		`","match":"similar","highlight":{`+
		`"username":"<mark>ada</mark>","email":"<mark>ada</mark>@example.com",`+
		`"display_name":"<mark>Zoë</mark> &#34;李小龍&#34; &lt;&amp;&gt;"}}]`)
	refused(t, w.ask(t, "POST", "/users/search?highlight=yes", `{"term":"zoe"}`), 400, "parameter", "?highlight")
}
