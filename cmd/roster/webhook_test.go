package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// receiver receives webhooks.
type receiver struct {
	*httptest.Server
	mu       sync.Mutex
	order    map[string][]string // by subject: the kind and version of each entry, at its first delivery
	known    map[string]bool     // ids
	repeated int
	changed  chan struct{}
	reply    func(n int) int // the status of the nth request; nil: 204
	n        int
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{order: map[string][]string{}, known: map[string]bool{}, changed: make(chan struct{}, 1)}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	var event struct {
		ID, Type, Subject string
		Data              struct{ Version int }
	}
	err := json.Unmarshal(body, &event)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
	status := http.StatusNoContent
	if r.reply != nil {
		status = r.reply(r.n)
	}
	switch {
	case err != nil || event.ID != request.Header.Get("Webhook-Id"):
		status = http.StatusBadRequest
	case status != http.StatusNoContent:
	case r.known[event.ID]:
		r.repeated++
	default:
		r.known[event.ID] = true
		r.order[event.Subject] = append(r.order[event.Subject], fmt.Sprint(strings.TrimPrefix(event.Type, "roster."), " ", event.Data.Version))
	}
	w.WriteHeader(status)
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

// await waits until so many entries have come, and so many have come again.
func (r *receiver) await(entries, repeated int) {
	for {
		r.mu.Lock()
		done := len(r.known) >= entries && r.repeated >= repeated
		r.mu.Unlock()
		if done {
			return
		}
		<-r.changed
	}
}

func TestWebhooksGetEachChangeOnceInOrderFromTwoServers(t *testing.T) {
	t.Parallel()
	url, hook := migrated.Database(t), newReceiver(t)
	servers := []*instance{
		serve(t, "DATABASE_URL="+url, "ROSTER_WEBHOOKS_PRIVATE=yes"), serve(t, "DATABASE_URL="+url, "ROSTER_WEBHOOKS_PRIVATE=yes"),
	}
	servers[0].expect(201, "POST", "/webhooks", `{"url": "`+hook.URL+`", "kinds": ["user.created", "user.updated", "user.deleted"]}`)
	const users = 40
	var all sync.WaitGroup
	for n := range users {
		all.Go(func() {
			at := servers[n%2]
			created := at.expect(201, "POST", "/users", fmt.Sprintf(`{"username":"user%d","email":"user%d@example.com"}`, n, n))
			path := "/" + created.header.Get("Location")
			servers[(n+1)%2].expect(200, "PATCH", path, `{"display_name":"Ada"}`, "Content-Type: application/merge-patch+json")
			at.expect(200, "PATCH", path, `{"display_name":"Grace"}`, "Content-Type: application/merge-patch+json")
			servers[(n+1)%2].expect(204, "DELETE", path, "")
		})
	}
	all.Wait()
	hook.await(users*4, 0)
	hook.mu.Lock()
	defer hook.mu.Unlock()
	if len(hook.order) != users {
		t.Errorf("%d users were changed, not %d", len(hook.order), users)
	}
	for subject, got := range hook.order {
		if want := "[user.created 1 user.updated 2 user.updated 3 user.deleted 4]"; fmt.Sprint(got) != want {
			t.Errorf("%s: %v, not %s", subject, got, want)
		}
	}
	if hook.repeated != 0 {
		t.Errorf("%d entries were posted again, though nothing failed", hook.repeated)
	}
}

func TestAWebhookIsDisabledEnabledReplayedAndDeleted(t *testing.T) {
	t.Parallel()
	url, hook := migrated.Database(t), newReceiver(t)
	hook.reply = func(n int) int {
		if n == 1 {
			return http.StatusGone
		}
		return http.StatusNoContent
	}
	i := serve(t, "DATABASE_URL="+url, "ROSTER_WEBHOOKS_PRIVATE=yes")
	made := i.expect(201, "POST", "/webhooks", `{"url": "`+hook.URL+`"}`)
	path := "/" + made.header.Get("Location")
	i.expect(201, "POST", "/users", `{"username":"ada","email":"ada@example.com"}`)
	i.awaitLog("A webhook was disabled")
	if got := i.expect(200, "GET", path, "").body; !strings.Contains(got, `"state":"disabled"`) || !strings.Contains(got,
		`"disabled_reason":"gone"`) {
		t.Errorf("the webhook is %s", got)
	}
	i.expect(200, "POST", path+"/enable", "")
	hook.await(4, 0) // webhook.created, user.created, webhook.disabled, webhook.updated
	i.expect(200, "POST", path+"/replay", `{"after": "beginning"}`)
	hook.await(4, 4)
	if got := i.expect(200, "POST", path+"/test", "").body; got != `{"delivered":true,"status":204}` {
		t.Errorf("the test: %s", got)
	}
	rotated := i.expect(201, "POST", path+"/rotate", `{}`)
	if strings.Contains(made.body, `"secret":"`+strings.Split(rotated.body, `"secret":"`)[1]) ||
		rotated.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the secret stays %s", rotated.body)
	}
	i.expect(204, "DELETE", path, "")
	i.expect(404, "GET", path, "")
	got := i.expect(200, "GET", "/log?subject="+strings.TrimPrefix(path, "/webhooks/"), "").body
	for _, kind := range []string{"webhook.created", "webhook.disabled", "webhook.updated", "webhook.deleted"} {
		if !strings.Contains(got, kind) {
			t.Errorf("the log has no %s: %s", kind, got)
		}
	}
}

func TestWebhooksLeadToNoPrivateNetwork(t *testing.T) {
	t.Parallel()
	url, hook := migrated.Database(t), newReceiver(t)
	i := serve(t, "DATABASE_URL="+url)
	for _, target := range []string{
		hook.URL, "https://127.0.0.1/", "https://169.254.169.254/latest", "http://example.com/",
		"https://[::ffff:10.0.0.1]/",
	} {
		if got := i.expect(422, "POST", "/webhooks", `{"url": "`+target+`"}`).body; !strings.Contains(got, `"pointer":"/url"`) {
			t.Errorf("%s: %s", target, got)
		}
	}
	made := i.expect(201, "POST", "/webhooks", `{"url": "`+strings.Replace(hook.URL, "http://127.0.0.1", "https://localhost", 1)+`"}`)
	if got := i.expect(200, "POST", "/"+made.header.Get("Location")+"/test",
		"").body; got != `{"delivered":false,"problem":"the host has an address that is not public"}` {
		t.Errorf("the test: %s", got)
	}
}
