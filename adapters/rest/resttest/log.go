package resttest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/roster-directory/roster/adapters/rest"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

const (
	entryJSON = `{"id":"` + adaID + `","at":"2026-01-01T00:00:01Z","kind":"user.updated","subject":"` + adaID + `","version":2,` +
		`"fields":["email","username"],"actor":"key:1","request":"r1"}`
	plainEntryJSON = `{"id":"` + orgID + `","at":"2026-01-01T00:00:01Z","kind":"membership.created","subject":"` + adaID + `",` +
		`"organization":"` + orgID + `","actor":"=local"}`
	entryEvent = `{"specversion":"1.0","id":"` + adaID + `","source":"/log","type":"roster.user.updated","subject":"` + adaID + `",` +
		`"time":"2026-01-01T00:00:01Z","datacontenttype":"application/json",` +
		`"data":{"version":2,"fields":["email","username"],"actor":"key:1","request":"r1"}}`
)

func entries() []domain.LogEntry {
	at := instant("2026-01-01T00:00:01Z")
	return []domain.LogEntry{
		{
			ID: domain.LogEntryID(ada().ID), At: at, Kind: domain.UserUpdated, Subject: adaID, Version: 2, Fields: []string{"email", "username"},
			Actor: "key:1", Request: "r1", Number: 7,
		},
		{
			ID: domain.LogEntryID(engines().ID), At: at, Kind: domain.MembershipCreated, Subject: adaID, Organization: engines().ID,
			Actor: "=local", Number: 6,
		},
	}
}

// followed are the entries as they are followed: the first one first.
func followed() ports.Followed {
	all := entries()
	at := func(change uint64) ports.LogPosition {
		return ports.LogPosition{Change: change, Number: int64(change), Timeline: [16]byte{9}, Seen: change}
	}
	return ports.Followed{
		Entries: []ports.FollowedEntry{{Entry: all[0], At: at(3)}, {Entry: all[1], At: at(4)}}, Next: at(4),
	}
}

func testLog(t *testing.T, edge Edge) {
	t.Run("operations follow the contract", func(t *testing.T) { testLogResponses(t, edge) })
	t.Run("the filters of the log reach the store", func(t *testing.T) { testLogFilters(t, edge) })
	t.Run("requests that break the contract are refused", func(t *testing.T) { testLogFaults(t, edge) })
	t.Run("the log is followed by its links", func(t *testing.T) { testLogIsFollowed(t, edge) })
	t.Run("the log is a stream of events", func(t *testing.T) { testLogStream(t, edge) })
	t.Run("only administrators read the log", func(t *testing.T) { testLogRights(t, edge) })
}

func testLogResponses(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for _, target := range []string{"/log", "/log?kind=user.updated,membership.created", adaPath + "/log"} {
		accepted(t, w.ask(t, "GET", target, ""), 200, "["+entryJSON+","+plainEntryJSON+"]")
	}
	accepted(t, w.ask(t, "GET", "/log/feed", ""), 200, "["+entryJSON+","+plainEntryJSON+"]")
	accepted(t, w.ask(t, "GET", "/log/feed?kind=user.updated", "", "Accept", "application/cloudevents-batch+json"), 200, "["+entryEvent+"]")
	table := w.ask(t, "GET", "/log", "", "Accept", "text/csv")
	want := "at,kind,subject,organization,version,fields,actor,request,id\r\n" +
		"2026-01-01T00:00:01Z,user.updated," + adaID + ",,2,email username,key:1,r1," + adaID + "\r\n" +
		"2026-01-01T00:00:01Z,membership.created," + adaID + "," + orgID + ",,,'=local,," + orgID + "\r\n"
	if table.Code != 200 || table.Body.String() != want || table.Header().Get("Content-Type") != "text/csv" {
		t.Errorf("%d %v %s", table.Code, table.Header(), table.Body)
	}
}

func testLogFilters(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	w.ask(t, "GET", "/log?limit=3&kind=user.created,webhook.updated&subject=team&actor=local&organization="+orgID+"&"+window, "")
	got := w.log.ListLogCalls()[0].ListLog
	f := got.Filter
	if len(f.Kinds) != 2 || f.Kinds[0] != domain.UserCreated || f.Kinds[1] != domain.WebhookUpdated || f.Subject != "team" ||
		f.Actor != "local" ||
		f.Organization != engines().ID || f.From != instant("2026-01-01T00:00:00Z") || f.To != instant("2026-02-01T00:00:00Z") ||
		got.Limit.Int() != 3 {
		t.Errorf("the store was asked for %+v", got)
	}
	reply(&w.log.ListLogFunc, ports.Page[domain.LogEntry]{Items: entries(), More: true}, nil)
	first := w.ask(t, "GET", "/log?limit=2", "")
	w.ask(t, "GET", links("/log", first.Header())["next"], "")
	calls := w.log.ListLogCalls()
	if after := calls[len(calls)-1].ListLog.After; after == nil ||
		*after != (domain.LogListPosition{At: instant("2026-01-01T00:00:01Z"), Number: 6}) {
		t.Errorf("the next page begins after %+v", after)
	}
}

func testLogFaults(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	for _, query := range []string{
		"kind=user", "kind=", "kind=user.created,user.created", "subject=", "organization=1", "from=soon", "limit=0", "limit=1001",
		"cursor=1", "wait=1",
	} {
		name, _, _ := strings.Cut(query, "=")
		refused(t, w.ask(t, "GET", "/log?"+query, ""), 400, "parameter", "?"+name)
	}
	for _, query := range []string{
		"kind=user", "after=end", "wait=31s", "wait=-1", "wait=20ss", "wait=x", "cursor=1",
		"subject=1", "limit=0",
	} {
		name, _, _ := strings.Cut(query, "=")
		refused(t, w.ask(t, "GET", "/log/feed?"+query, ""), 400, "parameter", "?"+name)
	}
	refused(t, w.ask(t, "GET", "/log/feed", "", "Last-Event-ID", "1"), 400, "parameter", "?after")
	refused(t, w.ask(t, "GET", "/users/1/log", ""), 400, "parameter", "?id")
	for slug, gone := range map[string]error{"lost": ports.LostLog(), "expired": ports.ExpiredLog()} {
		reply(&w.log.FollowLogFunc, ports.Followed{}, gone)
		refused(t, w.ask(t, "GET", "/log/feed", ""), 410, slug, "?after")
	}
}

func testLogIsFollowed(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	first := w.ask(t, "GET", "/log/feed?limit=2&wait=5s", "")
	reply(&w.log.FollowLogFunc, ports.Followed{Next: followed().Next}, nil)
	second := w.ask(t, "GET", strings.Replace(links("/log/feed", first.Header())["next"], "wait=5s", "wait=0", 1), "")
	accepted(t, second, 200, "[]")
	calls := w.log.FollowLogCalls()
	if after := calls[len(calls)-1].FollowLog.After; after == nil || *after != followed().Next {
		t.Errorf("the next page begins after %+v", after)
	}
	w.log.LogEndFunc = func(context.Context) (ports.LogPosition, error) { return ports.LogPosition{Change: 8, Number: 8}, nil }
	w.ask(t, "GET", "/log/feed?after=now", "")
	calls = w.log.FollowLogCalls()
	if after := calls[len(calls)-1].FollowLog.After; after == nil || after.Change != 8 {
		t.Errorf("from now on, a page begins after %+v", after)
	}
}

// A stream ends here when the log fails, after its first page.
func testLogStream(t *testing.T, edge Edge) {
	w := newWorld(t, edge)
	var pages atomic.Int64
	w.log.FollowLogFunc = func(context.Context, ports.FollowLog) (ports.Followed, error) {
		if pages.Add(1) == 1 {
			return followed(), nil
		}
		return ports.Followed{}, failing(domain.Unavailable, domain.ReasonUnreachable, "")
	}
	server := httptest.NewServer(w.handler)
	defer server.Close()
	response := fetch(t, server, "GET", "/log/feed", http.NoBody, "Accept", "text/event-stream")
	all, _ := io.ReadAll(response.Body) // its error is that of the log
	got := string(all)
	if response.Header.Get("Content-Type") != "text/event-stream" || !strings.HasPrefix(got, "retry: 1000\n\nid: ") ||
		strings.Count(got, "\n\nid: ") != 2 || !strings.Contains(got, "\ndata: "+entryEvent+"\n\n") {
		t.Errorf("%v %s", response.Header, got)
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(got, "retry: 1000\n\nid: "), "\n")
	w.ask(t, "GET", "/log/feed", "", "Last-Event-ID", id)
	calls := w.log.FollowLogCalls()
	if after := calls[len(calls)-1].FollowLog.After; after == nil || *after != followed().Entries[0].At {
		t.Errorf("after its first event a stream goes on at %+v", after)
	}
}

func testLogRights(t *testing.T, edge Edge) {
	caller := domain.Principal{Subject: "key:1", Scopes: []domain.Scope{domain.ScopeRead, domain.ScopeWrite}}
	w := newWorld(t, edge, func(o *rest.Options) {
		o.Authenticate = func(*http.Request) (domain.Principal, error) { return caller, nil }
	})
	for _, target := range []string{"/log", "/log/feed", adaPath + "/log"} {
		refused(t, w.ask(t, "GET", target, ""), 403, "denied")
	}
	caller = domain.Principal{Subject: "key:1", Scopes: []domain.Scope{domain.ScopeAdmin}, Within: engines().ID}
	w.ask(t, "GET", "/log", "")
	if got := w.log.ListLogCalls()[0].ListLog.Filter.Organization; got != engines().ID {
		t.Errorf("a bound caller reads the log of %v", got)
	}
	accepted(t, w.ask(t, "GET", "/log/feed", ""), 200, "["+plainEntryJSON+"]")
	accepted(t, w.ask(t, "GET", "/log?organization="+adaID, ""), 200, "[]")
}
