package rest

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/roster-directory/roster/domain"
)

func TestRefusalsByOverloadAreLoggedOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		f := failures{log: requestLog{logger: slog.New(slog.NewTextHandler(&log, nil))}, refused: newRefusalLog()}
		refuse := func(n int, reason domain.Reason) {
			for range n {
				w := &responseWriter{ResponseWriter: httptest.NewRecorder()}
				err := &domain.Error{Kind: domain.Unavailable, Reason: reason, Detail: "refused", Err: fmt.Errorf("a cause")}
				f.answer(w, httptest.NewRequestWithContext(t.Context(), "GET", "/users", nil), err)
			}
		}
		lines := func(want int, words string) {
			t.Helper()
			if got := strings.Count(log.String(), "status=503"); got != want || !strings.Contains(log.String(), words) {
				t.Errorf("%d lines are logged, not %d, or %q is missing:\n%s", got, want, words, log.String())
			}
			log.Reset()
		}
		refuse(1000, domain.ReasonOverloaded)
		lines(1, "a cause")
		time.Sleep(refusalInterval)
		refuse(10, domain.ReasonOverloaded)
		lines(1, "others=999")
		refuse(3, domain.ReasonUnreachable)
		lines(3, "a cause")
	})
}
