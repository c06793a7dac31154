package resttest

import (
	"context"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

const since = "/users?changed_since=2026-01-01T00:00:00Z"

// changed makes the store answer every list of changes with these users.
func (w *world) changed(users ...domain.User) {
	w.users.ListChangesFunc = func(context.Context, ports.ListChanges) (ports.Changes, error) {
		page := ports.Changes{Next: ports.ChangePosition{Change: 1 << 62, ID: ada().ID}}
		for i, user := range users {
			page.Next.Change = 1<<62 + uint64(i)
			page.Items = append(page.Items, ports.UserChange{User: user, At: page.Next})
		}
		return page, nil
	}
}

// removed is Ada as a list of changes knows her after she was deleted or erased.
func removed(version domain.Version) domain.User {
	return domain.User{ID: ada().ID, UpdatedAt: instant("2026-01-03T00:00:00Z"), DeletedAt: instant("2026-01-03T00:00:00Z"), Version: version}
}

func testChanges(t *testing.T, edge Edge) {
	const gone = `{"id":"` + adaID + `","updated_at":"2026-01-03T00:00:00Z","deleted_at":"2026-01-03T00:00:00Z"`
	t.Run("users, deleted and erased ones included, are shown", func(t *testing.T) {
		w := newWorld(t, edge)
		w.changed(ada(), removed(3), removed(0))
		accepted(t, w.ask(t, "GET", since, ""), 200, "["+adaJSON+","+gone+`,"version":3},`+gone+"}]")
		accepted(t, w.ask(t, "GET", since+"&fields=id,username,version", ""), 200,
			`[{"id":"`+adaID+`","username":"ada","version":2},{"id":"`+adaID+`","version":3},{"id":"`+adaID+`"}]`)
	})
	t.Run("there is always a next page, after the last change", func(t *testing.T) {
		w := newWorld(t, edge)
		w.changed(ada(), removed(3))
		next := links(since+"&limit=2", w.ask(t, "GET", since+"&limit=2", "").Header())["next"]
		w.ask(t, "GET", next, "")
		calls := w.users.ListChangesCalls()
		if got := calls[0].ListChanges; got.After != nil || !got.Since.Equal(instant("2026-01-01T00:00:00Z")) || got.Limit.Int() != 2 {
			t.Errorf("the first page is %+v", got)
		}
		for _, call := range calls[1:] {
			if got := call.ListChanges.After; got == nil || *got != (ports.ChangePosition{Change: 1<<62 + 1, ID: ada().ID}) {
				t.Errorf("a later page begins after %+v", got)
			}
		}
	})
	t.Run("there is a next page even without changes", func(t *testing.T) {
		w := newWorld(t, edge)
		w.changed()
		response := w.ask(t, "GET", since, "")
		accepted(t, response, 200, "[]")
		got := links(since, response.Header())
		if got["first"] != since || !strings.HasPrefix(got["next"], since+"&cursor=") {
			t.Errorf("the links are %q", got)
		}
		w.ask(t, "GET", got["next"], "")
		if after := w.users.ListChangesCalls()[1].ListChanges.After; after == nil || after.Change != 1<<62 {
			t.Errorf("the next page begins after %+v", after)
		}
	})
	t.Run("a cursor of lost changes is refused", func(t *testing.T) {
		w := newWorld(t, edge)
		w.changed(ada())
		next := links(since, w.ask(t, "GET", since, "").Header())["next"]
		reply(&w.users.ListChangesFunc, ports.Changes{}, ports.Lost())
		refused(t, w.ask(t, "GET", next, ""), 410, "lost", "?cursor")
	})
	t.Run("a cursor is valid for its own beginning alone", func(t *testing.T) {
		w := newWorld(t, edge)
		w.changed(ada())
		next := links(since, w.ask(t, "GET", since, "").Header())["next"]
		refused(t, w.ask(t, "GET", strings.Replace(next, "2026", "2025", 1), ""), 400, "parameter", "?cursor")
		if response := w.ask(t, "GET", strings.Replace(next, "00:00Z", "00:00.000Z", 1), ""); response.Code != 200 {
			t.Errorf("the same time, written otherwise, is refused: %d %s", response.Code, response.Body)
		}
	})
}
