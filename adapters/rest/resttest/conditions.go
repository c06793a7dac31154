package resttest

import (
	"context"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// conditionalWrites are the writes of a user that obey If-Match.
func conditionalWrites() []struct{ method, target, body string } {
	return []struct{ method, target, body string }{
		{"PUT", adaPath, bob},
		{"PATCH", adaPath, "{}"},
		{"DELETE", adaPath, ""},
		{"POST", adaPath + "/restore", ""},
		{"POST", adaPath + "/erase", ""},
	}
}

// atVersion makes every write of a user expect the stored version. It returns the
// versions that writes named.
func (w *world) atVersion(present domain.Version) *[]domain.Version {
	asked := new([]domain.Version)
	write := func(version domain.Version) (domain.User, error) {
		*asked = append(*asked, version)
		if version != 0 && version != present {
			return domain.User{}, failing(domain.Stale, domain.ReasonVersion, "")
		}
		return ada(), nil
	}
	w.users.ReplaceUserFunc = func(_ context.Context, in ports.ReplaceUser) (domain.User, error) { return write(in.IfMatch) }
	w.users.PatchUserFunc = func(_ context.Context, in ports.PatchUser) (domain.User, error) { return write(in.IfMatch) }
	w.users.RestoreUserFunc = func(_ context.Context, in ports.RestoreUser) (domain.User, error) { return write(in.IfMatch) }
	w.users.DeleteUserFunc = func(_ context.Context, in ports.DeleteUser) error { _, err := write(in.IfMatch); return err }
	w.users.EraseUserFunc = func(_ context.Context, in ports.EraseUser) (ports.Erasure, error) {
		_, err := write(in.IfMatch)
		return finished(), err
	}
	return asked
}

func testConditions(t *testing.T, edge Edge) {
	for _, c := range conditionalWrites() {
		t.Run(c.method+" "+c.target, func(t *testing.T) {
			w := newWorld(t, edge)
			asked := w.atVersion(2)
			testMatches(t, asked, func(tags string) *httptest.ResponseRecorder {
				return w.ask(t, c.method, c.target, c.body, "If-Match", tags)
			})
			*asked = nil
			for _, bad := range []string{
				"", `"2`, `2"`, "2 3", "2*", `w/"2"`, `"2" "3"`, `"2", *`, `*, "2"`, "**", `W/*`, "\"\u00e9\"", `"a b"`,
				repeated(`"1"`, 17),
			} {
				refused(t, w.ask(t, c.method, c.target, c.body, "If-Match", bad), 400, "parameter", "?If-Match")
			}
			if len(*asked) > 0 {
				t.Errorf("malformed conditions reached the store: %v", *asked)
			}
		})
	}
	t.Run("a version is shown as an entity tag", func(t *testing.T) { testTags(t, edge) })
	t.Run("every tag that was sent is accepted", func(t *testing.T) { testSentTags(t, edge) })
	t.Run("a weak tag is named", func(t *testing.T) { testWeakTags(t, edge) })
	t.Run("a version that the caller has is not sent again", func(t *testing.T) { testNotModified(t, edge) })
	t.Run("conditions can be required", func(t *testing.T) { testRequired(t, edge) })
}

func testMatches(t *testing.T, asked *[]domain.Version, ask func(tags string) *httptest.ResponseRecorder) {
	t.Helper()
	for _, c := range []struct {
		tags  string
		fine  bool
		asked []domain.Version
	}{
		{`"2"`, true, []domain.Version{2}},
		{`*`, true, []domain.Version{0}},
		{` * `, true, []domain.Version{0}},
		{`"1"`, false, []domain.Version{1}},
		{`"1", "2", "3"`, true, []domain.Version{1, 2}},
		{`"x","1" ,, "2"`, true, []domain.Version{1, 2}},
		{`"2-gzip"`, true, []domain.Version{2}},
		{`"2-f1"`, true, []domain.Version{2}},
		{`"1-f3-gzip", "2-f3-gzip", "2"`, true, []domain.Version{1, 2}},
		{`"2-x"`, false, []domain.Version{-1}},
		{`W/"2"`, false, []domain.Version{-1}},
		{`W/"2-gzip"`, false, []domain.Version{-1}},
		{`W/"2", "1"`, false, []domain.Version{1}},
		{`"02"`, false, []domain.Version{-1}},
		{`"0"`, false, []domain.Version{-1}},
		{`"-1"`, false, []domain.Version{-1}},
		{`""`, false, []domain.Version{-1}},
		{`2`, true, []domain.Version{2}},
		{`1,"2"`, true, []domain.Version{1, 2}},
		{`2-gzip`, true, []domain.Version{2}},
		{`0`, false, []domain.Version{-1}},
		{`W/2`, false, []domain.Version{-1}},
		{`"99999999999999999999"`, false, []domain.Version{-1}},
	} {
		*asked = nil
		response := ask(c.tags)
		if c.fine && response.Code >= 300 {
			t.Errorf("If-Match: %s is refused: %d %s", c.tags, response.Code, response.Body)
		}
		if !c.fine {
			refused(t, response, 412, "stale")
		}
		if !slices.Equal(*asked, c.asked) {
			t.Errorf("If-Match: %s asks for the versions %v, want %v", c.tags, *asked, c.asked)
		}
	}
}

func testRequired(t *testing.T, edge Edge) {
	w := newWorld(t, edge, func(o *rest.Options) { o.RequireIfMatch = true })
	for _, c := range conditionalWrites() {
		response := w.ask(t, c.method, c.target, c.body)
		if c.method == "POST" { // restoring and erasing overwrite no change
			if response.Code >= 300 {
				t.Errorf("%s is refused: %d %s", c.target, response.Code, response.Body)
			}
			continue
		}
		if p := refused(t, response, 428, "precondition-required"); !strings.Contains(p.Detail, "If-Match") {
			t.Errorf("the problem does not name If-Match: %q", p.Detail)
		}
		for _, tags := range []string{"*", `"2"`} {
			if response := w.ask(t, c.method, c.target, c.body, "If-Match", tags); response.Code >= 300 {
				t.Errorf("%s %s with If-Match: %s is refused: %d %s", c.method, c.target, tags, response.Code, response.Body)
			}
		}
	}
	refused(t, w.ask(t, "PUT", adaPath+"?x=1", bob), 400, "parameter", "?x")
	if got := len(w.users.ReplaceUserCalls()); got != 2 {
		t.Errorf("%d writes reached the store, want 2", got)
	}
}
