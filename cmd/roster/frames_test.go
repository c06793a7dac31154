package main

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/cmd/roster/settings"
	"github.com/roster-directory/roster/domain"
)

// maxFrames is how many functions of ours stand on the stack when the statement of
// a lone GET /users/{id} is sent: a request should not go round.
const maxFrames = 17

// frames records the functions of ours that send a statement.
type frames struct{ names []string }

func (f *frames) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	f.names = nil
	var counters [200]uintptr
	stack := runtime.CallersFrames(counters[:runtime.Callers(2, counters[:])])
	for {
		frame, more := stack.Next()
		if strings.Contains(frame.Function, "TestARequestDoesNotGoRound") || !more {
			return ctx
		}
		if strings.HasPrefix(frame.Function, "github.com/roster-directory/roster/") {
			f.names = append(f.names, frame.Function)
		}
	}
}

func (*frames) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func TestARequestDoesNotGoRound(t *testing.T) {
	t.Parallel()
	sent := &frames{}
	database := openDatabase(t, postgres.Config{URL: migrated.Database(t), Tracer: sent})
	edge, err := newEdge(database, newSender(settings.Webhooks{}), rest.Options{
		Authenticate: authenticateAs(domain.LocalAdministrator()), Ready: database.Ready,
		CursorKey: func(context.Context) ([]byte, error) { return []byte("a secret"), nil },
		Logger:    slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequestWithContext(t.Context(), "GET", "http://127.0.0.1/users/01a20683-1368-79d1-9415-6cc9fded4cb7", nil)
	edge.Handler.ServeHTTP(httptest.NewRecorder(), request)
	if n := len(sent.names); n == 0 || n > maxFrames {
		t.Errorf("%d functions of ours send the statement; at most %d should:\n%s", n, maxFrames, strings.Join(sent.names, "\n"))
	}
}
