package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/roster-directory/roster/adapters/postgres"
	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/adapters/system"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/cmd/roster/settings"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// tenancy is Roster over a database, without a listener: each request says who its
// caller is.
type tenancy struct {
	*testing.T
	stores  ports.Stores
	handler http.Handler
	made    *atomic.Int64
}

type callerOf struct{}

func newTenancy(t *testing.T, batching bool) *tenancy {
	t.Helper()
	database := openDatabase(t, postgres.Config{
		URL: migrated.Database(t), NoBatching: !batching,
		ConnectTimeout: time.Hour, StatementTimeout: -1, LockTimeout: -1, IdleInTransactionTimeout: -1, SlowQuery: -1,
	})
	all := stores(database, newSender(settings.Webhooks{}))
	api, err := rest.New(app.New(all, system.NewClock(), system.NewIDs(), system.NewRandom()), rest.Options{
		Authenticate: func(r *http.Request) (domain.Principal, error) {
			return r.Context().Value(callerOf{}).(domain.Principal), nil
		},
		Ready:     database.Ready,
		CursorKey: func(context.Context) ([]byte, error) { return []byte("a secret"), nil },
		Logger:    slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return &tenancy{t, all, newHandler(api), new(atomic.Int64)}
}

// bothWays runs a test with batching and without it.
func bothWays(t *testing.T, test func(*tenancy)) {
	t.Helper()
	t.Parallel()
	for name, batching := range map[string]bool{"batching": true, "each request alone": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(newTenancy(t, batching))
		})
	}
}

// inquiry is a request. Headers are names and values in turn.
type inquiry struct {
	method, target, body string
	headers              []string
}

func (w *tenancy) ask(caller domain.Principal, c inquiry) *httptest.ResponseRecorder {
	ctx := context.WithValue(context.Background(), callerOf{}, caller)
	r := httptest.NewRequestWithContext(ctx, c.method, c.target, strings.NewReader(c.body))
	r.Host = "127.0.0.1:3000"
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(c.headers); i += 2 {
		r.Header.Set(c.headers[i], c.headers[i+1])
	}
	recorder := httptest.NewRecorder()
	w.handler.ServeHTTP(recorder, r)
	return recorder
}

// tenant is an organization with an owner and a member, and what else is its own.
// Words are what its names have in common, and nobody else's have.
type tenant struct {
	word         string
	organization domain.Organization
	plan         domain.PlanCode
	owner        domain.User
	member       domain.User
	key          domain.APIKeyID
	hook         domain.WebhookID
	event        domain.EventID
}

func parsed[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// newTenant makes a tenant, but stores nothing.
func (w *tenancy) newTenant() tenant {
	// Words of 24 letters are no misspellings of each other.
	word := strings.Map(func(c rune) rune { return 'a' + c%26 }, fmt.Sprintf("%.12x", sha256.Sum256(fmt.Appendf(nil, "%d", w.made.Add(1)))))
	newID := system.NewIDs().NewID
	user := func(name string) domain.User {
		u := domain.NewUser(newID(), parsed[domain.Username](w.T)(domain.ParseUsername(word+"."+name)),
			parsed[domain.Email](w.T)(domain.ParseEmail(name+"@"+word+".example")), time.Now())
		u.ExternalID = parsed[domain.ExternalID](w.T)(domain.ParseExternalID(word + "/" + name))
		return u
	}
	plan := parsed[domain.PlanCode](w.T)(domain.ParsePlanCode(word))
	return tenant{
		word: word, plan: plan, owner: user("owner"), member: user("member"), key: newID(), hook: newID(), event: newID(),
		organization: domain.NewOrganization(newID(), parsed[domain.OrganizationName](w.T)(domain.ParseOrganizationName("The "+word)),
			parsed[domain.Slug](w.T)(domain.ParseSlug(word)), plan, time.Now()),
	}
}

// store stores a tenant. An event of its member lets the report show it.
func (w *tenancy) store(x tenant) tenant {
	w.Helper()
	ctx := w.Context()
	name := parsed[domain.PlanName](w.T)(domain.ParsePlanName("Plan " + x.word))
	parsed[bool](w.T)(w.stores.Plans.PutPlan(ctx, ports.PutPlan{Plan: domain.Plan{Code: x.plan, Name: name}}))
	for _, user := range []domain.User{x.owner, x.member} {
		parsed[domain.User](w.T)(w.stores.Users.CreateUser(ctx, ports.CreateUser{User: user}))
	}
	parsed[domain.Organization](w.T)(w.stores.Organizations.CreateOrganization(ctx,
		ports.CreateOrganization{Organization: x.organization, Owner: x.owner.ID}))
	parsed[domain.Membership](w.T)(w.stores.Memberships.AddMember(ctx, domain.Membership{
		Organization: x.organization.ID, User: x.member.ID, Role: domain.Member, JoinedAt: domain.Instant(time.Now()),
	}))
	parsed[[]ports.Outcome](w.T)(w.stores.Events.AddEvents(ctx, ports.AddEvents{Events: []domain.Event{{
		ID: x.event, Organization: x.organization.ID, User: x.member.ID, OccurredAt: eventTime,
		Kind: parsed[domain.EventKind](w.T)(domain.ParseEventKind("login")),
	}}}))
	if err := w.stores.APIKeys.CreateAPIKey(ctx, ports.StoredAPIKey{Key: domain.APIKey{
		ID: x.key, Name: parsed[domain.APIKeyName](w.T)(domain.ParseAPIKeyName(x.word)), Scopes: []domain.Scope{domain.ScopeRead},
		Organization: x.organization.ID, CreatedAt: domain.Instant(time.Now()), CreatedBy: "local",
	}}); err != nil {
		w.Fatal(err)
	}
	// It leads to this host, so that no test is sent.
	if err := w.stores.Webhooks.CreateWebhook(ctx, ports.CreateWebhook{Webhook: domain.Webhook{
		ID: x.hook, URL: parsed[domain.WebhookURL](w.T)(domain.ParseWebhookURL("https://127.0.0.1/" + x.word)),
		Organization: x.organization.ID, CreatedAt: domain.Instant(time.Now()), CreatedBy: "local",
	}, Secret: domain.NewWebhookSecret(func([]byte) {})}); err != nil {
		w.Fatal(err)
	}
	return x
}

// newStored makes a tenant and stores it.
func (w *tenancy) newStored() tenant {
	w.Helper()
	return w.store(w.newTenant())
}

var eventTime = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// marks are the texts by which a response would show something of a tenant.
func (x tenant) marks() []string {
	return []string{
		x.word, x.organization.ID.String(), x.owner.ID.String(), x.member.ID.String(), x.key.String(), x.hook.String(), x.event.String(),
	}
}

// blank replaces the marks of a tenant in a text.
func (x tenant) blank(text string) string {
	for i, mark := range x.marks() {
		text = strings.ReplaceAll(text, mark, fmt.Sprintf("<%d>", i))
	}
	return text
}

// answer is all that a caller sees of a response, except the id of the request and
// the marks of a tenant.
func (x tenant) answer(r *httptest.ResponseRecorder) string {
	body, _, _ := strings.Cut(r.Body.String(), `"request_id"`)
	header := r.Header().Clone()
	header.Del("X-Request-Id")
	return x.blank(fmt.Sprintf("%d %v\n%s", r.Code, header, body))
}

// shows returns a mark of the tenant in a response which the request does not have.
func (x tenant) shows(c inquiry, r *httptest.ResponseRecorder) string {
	asked := c.target + c.body + strings.Join(c.headers, " ")
	said := r.Body.String() + fmt.Sprint(r.Header())
	for _, mark := range x.marks() {
		if strings.Contains(said, mark) && !strings.Contains(asked, mark) {
			return mark
		}
	}
	return ""
}
