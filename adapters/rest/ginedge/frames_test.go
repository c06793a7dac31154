package ginedge_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/roster-directory/roster/domain"
)

// maxFrames is the most functions of Roster's on the stack when GET /users/{id}
// calls the store, the store's own included.
const maxFrames = 6

// ownFrames lists the functions of Roster's on the stack of its caller, from the
// outermost.
func ownFrames() []string {
	callers := make([]uintptr, 256)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	var own []string
	for {
		frame, more := frames.Next()
		if name, ok := strings.CutPrefix(frame.Function, "github.com/roster-directory/roster/"); ok {
			own = append(own, name)
		}
		if !more {
			slices.Reverse(own)
			return own
		}
	}
}

// witness is a shelf that keeps the stack of each call.
type witness struct {
	shelf
	frames *[]string
}

func (w witness) UserByID(context.Context, domain.UserID) (domain.User, error) {
	*w.frames = ownFrames()
	return w.users[0], nil
}

func TestAUserIsReadThroughFewFunctions(t *testing.T) {
	var frames []string
	handler := handlerOver(t, witness{shelf{users: someUsers(t)}, &frames}, nil)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/users/01890a5d-ac96-774b-bcce-b302099a8057", nil))
	if w.Code != http.StatusOK || len(frames) == 0 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	// The first is this test.
	if frames = frames[1:]; len(frames) > maxFrames {
		t.Errorf("%d functions lead to the store, more than %d:\n%s", len(frames), maxFrames, strings.Join(frames, "\n"))
	}
}
