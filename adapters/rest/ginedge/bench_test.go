package ginedge_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/rest/ginedge"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// shelf is a store that returns the same users. portsmock would remember every
// call, and the benchmark would measure that memory.
type shelf struct {
	ports.Users
	users []domain.User
}

func (s shelf) UserByID(context.Context, domain.UserID) (domain.User, error) { return s.users[0], nil }

func (s shelf) ListUsers(context.Context, ports.ListUsers) (ports.Page[domain.User], error) {
	return ports.Page[domain.User]{Items: s.users, More: true}, nil
}

func (s shelf) SearchUsers(context.Context, ports.SearchUsers) (ports.FoundUsers, error) {
	return ports.FoundUsers{Page: ports.Page[ports.FoundUser]{Items: []ports.FoundUser{{User: s.users[0], Match: domain.MatchWords}}}}, nil
}

func (s shelf) ReplaceUser(context.Context, ports.ReplaceUser) (domain.User, error) {
	return s.users[0], nil
}

func (s shelf) CreateUser(_ context.Context, in ports.CreateUser) (domain.User, error) {
	return in.User, nil
}

type clock struct{}

func (clock) Now() time.Time { return time.Unix(1767225601, 123456000) }

type ids struct{}

func (ids) NewID() [16]byte { return [16]byte{1} }

// sink discards a response, except its status.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(status int)      { s.status = status }

func someUsers(t testing.TB) []domain.User {
	t.Helper()
	username, err1 := domain.ParseUsername("ada.lovelace")
	email, err2 := domain.ParseEmail("ada.lovelace@example.com")
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	users := make([]domain.User, 50)
	for i := range users {
		users[i] = domain.NewUser(domain.UserID{byte(i)}, username, email, clock{}.Now())
	}
	return users
}

// handlerOver serves the stores.
func handlerOver(t testing.TB, users ports.Users, events ports.Events) http.Handler {
	t.Helper()
	api, err := rest.New(app.New(ports.Stores{Users: users, Events: events}, clock{}, ids{}, nil), rest.Options{
		Authenticate: func(*http.Request) (domain.Principal, error) { return domain.LocalAdministrator(), nil },
		Ready:        func(context.Context) error { return nil },
		CursorKey:    func(context.Context) ([]byte, error) { return []byte("a secret"), nil },
		Logger:       slog.New(slog.DiscardHandler),
		SlowRequest:  time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	return ginedge.New(api)
}

func benchmarkUsers(b *testing.B, method, target, body string) {
	b.Helper()
	benchmark(b, handlerOver(b, shelf{users: someUsers(b)}, nil), method, target, body)
}

func benchmark(b *testing.B, handler http.Handler, method, target, body string) {
	b.Helper()
	parsed, err := url.Parse(target)
	if err != nil {
		b.Fatal(err)
	}
	source := strings.NewReader(body)
	template := httptest.NewRequest(method, target, source)
	template.Host = "127.0.0.1:3000"
	template.Header.Set("Content-Type", "application/json")
	w := &sink{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		r, u := *template, *parsed // a new request, as net/http makes it
		r.URL = &u
		source.Reset(body)
		clear(w.header)
		if handler.ServeHTTP(w, &r); w.status >= 300 {
			b.Fatalf("answered with %d", w.status)
		}
	}
}

func BenchmarkGetUser(b *testing.B) {
	benchmarkUsers(b, "GET", "/users/01890a5d-ac96-774b-bcce-b302099a8057", "")
}

func BenchmarkListFiftyUsers(b *testing.B) { benchmarkUsers(b, "GET", "/users", "") }

func BenchmarkCreateUser(b *testing.B) {
	benchmarkUsers(b, "POST", "/users", `{"username":"ada.lovelace","email":"ada.lovelace@example.com"}`)
}

func BenchmarkReplaceUser(b *testing.B) {
	benchmarkUsers(b, "PUT", "/users/01890a5d-ac96-774b-bcce-b302099a8057", `{"username":"ada.lovelace","email":"ada.lovelace@example.com"}`)
}

func BenchmarkSearchUsers(b *testing.B) {
	benchmarkUsers(b, "POST", "/users/search", `{"term":"ada lovelace"}`)
}
