package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/roster-directory/roster/internal/history"
)

// historyClient is a client that records its requests and the responses.
type historyClient struct {
	*scenario
	number, seq int
	random      *rand.Rand
	http        *http.Client

	operations []history.Operation
	lists      []history.List
	unsure     []string // names of creates without a response
	unexpected []string // responses with a status that no request should have
}

func newHistoryClient(s *scenario, number int, seed uint64) *historyClient {
	return &historyClient{
		scenario: s, number: number, random: rand.New(rand.NewPCG(seed, uint64(number))),
		http: &http.Client{Transport: &http.Transport{}},
	}
}

func (c *historyClient) run() {
	defer c.http.CloseIdleConnections()
	for !c.over() {
		before := len(c.operations) + len(c.lists)
		c.act()
		c.done.Add(int64(len(c.operations) + len(c.lists) - before))
	}
}

// act sends one request, or those of a whole list.
func (c *historyClient) act() {
	slot := &c.slots[c.random.IntN(len(c.slots))]
	slot.mu.Lock()
	id, version, over := slot.id, slot.version, slot.over
	slot.mu.Unlock()
	choice := c.random.IntN(100)
	switch {
	case id == "" || over && choice < 20:
		c.create(slot)
	case choice < 30:
		c.operate(slot, history.Operation{Kind: history.Replace, ID: id, Name: c.name()})
	case choice < 45:
		c.operate(slot, history.Operation{Kind: history.Replace, ID: id, Name: c.name(), IfMatch: version})
	case choice < 46:
		c.operate(slot, history.Operation{Kind: history.Delete, ID: id, IfMatch: version * int64(c.random.IntN(2))})
	case choice < 54:
		c.list()
	default:
		c.operate(slot, history.Operation{Kind: history.Read, ID: id})
	}
}

// name returns a name that no request has written.
func (c *historyClient) name() string {
	c.seq++
	return fmt.Sprintf("w%d-%d", c.number, c.seq)
}

// create creates a user for the slot. It repeats the request with the same key
// until it has a response, which makes only one user.
func (c *historyClient) create(slot *slot) {
	if !slot.mu.TryLock() { // another client creates it
		return
	}
	defer slot.mu.Unlock()
	if slot.id != "" && !slot.over {
		return
	}
	o := history.Operation{Client: c.number, Kind: history.Create, Name: c.name(), Call: c.moment(), Outcome: history.Done}
	for !c.over() {
		got, err := c.send("POST", "/users", createUser(o.Name), "Idempotency-Key", fmt.Sprintf("%q", o.Name))
		if err != nil || got.status != http.StatusCreated {
			c.recover(got, err)
			continue
		}
		o.Received, o.Return = userIn(got), c.moment()
		o.ID = o.Received.ID
		c.operations = append(c.operations, o)
		slot.id, slot.version, slot.over, slot.unsure = o.ID, 1, false, 0
		return
	}
	c.unsure = append(c.unsure, o.Name)
}

// operate reads, replaces or deletes the slot's user.
func (c *historyClient) operate(slot *slot, o history.Operation) {
	method, body := map[history.Kind]string{history.Read: "GET", history.Replace: "PUT", history.Delete: "DELETE"}[o.Kind], ""
	if o.Kind == history.Replace {
		body = createUser(o.Name)
	}
	header, match := "If-Match", ""
	if o.IfMatch != 0 {
		match = fmt.Sprintf(`"%d"`, o.IfMatch)
	}
	o.Client, o.Call = c.number, c.moment()
	got, err := c.send(method, "/users/"+o.ID, body, header, match)
	o.Return = c.moment()
	o.Outcome = outcome(got, err)
	if o.Outcome == history.Done {
		o.Received = userIn(got)
	}
	c.operations = append(c.operations, o)
	slot.learn(o)
	if o.Outcome == history.Unknown {
		c.recover(got, err)
	}
}

// learn records what the response says about the user. After too many writes
// without a response, the user is not used any more: each write may take effect at
// any time, so that the possible orders are too many to check.
func (s *slot) learn(o history.Operation) {
	const maxUnsure = 4
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.id != o.ID {
		return
	}
	s.version = max(s.version, o.Received.Version)
	if o.Outcome == history.Unknown && o.Kind != history.Read {
		s.unsure++
	}
	s.over = s.over || o.Kind == history.Delete && o.Outcome == history.Done || o.Outcome == history.Missing || s.unsure >= maxUnsure
}

// list reads the whole list of users in small pages.
func (c *historyClient) list() {
	list := history.List{Client: c.number, Call: c.moment()}
	for path := "/users?limit=3"; path != ""; {
		got, err := c.send("GET", path, "", "", "")
		if err != nil || got.status != http.StatusOK {
			c.recover(got, err)
			return
		}
		var page []userJSON
		if json.Unmarshal([]byte(got.body), &page) != nil {
			page = []userJSON{{ID: got.body}} // no user has that id
		}
		for _, user := range page {
			list.Users = append(list.Users, history.User(user))
		}
		path = next(got)
	}
	list.Return = c.moment()
	c.lists = append(c.lists, list)
}

// server is the server of the next request.
func (c *historyClient) server() string { return c.urls[c.random.IntN(len(c.urls))] }

// send sends a request, and cancels some after a moment.
func (c *historyClient) send(method, path, body, header, value string) (response, error) {
	ctx := context.Background()
	if c.random.IntN(300) == 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(c.random.IntN(3000))*time.Microsecond)
		defer cancel()
	}
	request, err := http.NewRequestWithContext(ctx, method, c.server()+path, strings.NewReader(body))
	if err != nil {
		return response{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	if value != "" {
		request.Header.Set(header, value)
	}
	return do(c.http, request)
}

// recover waits until the server is ready after a request without a response.
func (c *historyClient) recover(got response, err error) {
	if err == nil && got.status == http.StatusConflict {
		time.Sleep(time.Millisecond) // the first request with the key is still under way
		return
	}
	if err == nil && got.status != http.StatusServiceUnavailable {
		c.unexpected = append(c.unexpected, fmt.Sprint(got.status, " ", got.body))
	}
	for !c.over() {
		if got, err := c.http.Get(c.server() + "/readyz"); err == nil {
			_ = got.Body.Close()
			if got.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
}
