package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/roster-directory/roster/internal/history"
)

// historian is a client that notes what it asked and what it was told.
type historian struct {
	*stage
	number, seq int
	dice        *rand.Rand
	http        *http.Client

	operations []history.Operation
	lists      []history.List
	unsure     []string
	strange    []string // answers that no request should have had
}

func newHistorian(s *stage, number int, seed uint64) *historian {
	return &historian{
		stage: s, number: number, dice: rand.New(rand.NewPCG(seed, uint64(number))),
		http: &http.Client{Transport: &http.Transport{}},
	}
}

func (c *historian) run() {
	defer c.http.CloseIdleConnections()
	for !c.over() {
		before := len(c.operations) + len(c.lists)
		c.act()
		c.done.Add(int64(len(c.operations) + len(c.lists) - before))
	}
}

// act does one thing of those that users do.
func (c *historian) act() {
	slot := &c.slots[c.dice.IntN(len(c.slots))]
	slot.mu.Lock()
	id, version, over := slot.id, slot.version, slot.over
	slot.mu.Unlock()
	dice := c.dice.IntN(100)
	switch {
	case id == "" || over && dice < 20:
		c.create(slot)
	case dice < 30:
		c.operate(slot, history.Operation{Kind: history.Replace, ID: id, Name: c.name()})
	case dice < 45:
		c.operate(slot, history.Operation{Kind: history.Replace, ID: id, Name: c.name(), IfMatch: version})
	case dice < 46:
		c.operate(slot, history.Operation{Kind: history.Delete, ID: id, IfMatch: version * int64(c.dice.IntN(2))})
	case dice < 54:
		c.list()
	default:
		c.operate(slot, history.Operation{Kind: history.Read, ID: id})
	}
}

// name is one that nobody writes twice.
func (c *historian) name() string {
	c.seq++
	return fmt.Sprintf("w%d-%d", c.number, c.seq)
}

func naming(name string) string {
	return fmt.Sprintf(`{"username":%q,"email":"%s@example.com"}`, name, name)
}

// create makes the slot's user anew. It asks with the same key until it is told
// something, so that the user is one however often it asks.
func (c *historian) create(slot *slot) {
	if !slot.mu.TryLock() { // another client makes it
		return
	}
	defer slot.mu.Unlock()
	if slot.id != "" && !slot.over {
		return
	}
	o := history.Operation{Client: c.number, Kind: history.Create, Name: c.name(), Call: c.moment(), Outcome: history.Done}
	for !c.over() {
		got, err := c.ask("POST", "/users", naming(o.Name), "Idempotency-Key", fmt.Sprintf("%q", o.Name))
		if err != nil || got.status != http.StatusCreated {
			c.recover(got, err)
			continue
		}
		o.Answer, o.Return = shown(got), c.moment()
		o.ID = o.Answer.ID
		c.operations = append(c.operations, o)
		slot.id, slot.version, slot.over, slot.unsure = o.ID, 1, false, 0
		return
	}
	c.unsure = append(c.unsure, o.Name)
}

// operate reads, replaces or deletes the slot's user.
func (c *historian) operate(slot *slot, o history.Operation) {
	method, body := map[history.Kind]string{history.Read: "GET", history.Replace: "PUT", history.Delete: "DELETE"}[o.Kind], ""
	if o.Kind == history.Replace {
		body = naming(o.Name)
	}
	header, match := "If-Match", ""
	if o.IfMatch != 0 {
		match = fmt.Sprintf(`"%d"`, o.IfMatch)
	}
	o.Client, o.Call = c.number, c.moment()
	got, err := c.ask(method, "/users/"+o.ID, body, header, match)
	o.Return = c.moment()
	o.Outcome = outcome(got, err)
	if o.Outcome == history.Done {
		o.Answer = shown(got)
	}
	c.operations = append(c.operations, o)
	slot.learn(o)
	if o.Outcome == history.Unknown {
		c.recover(got, err)
	}
}

// learn notes what an operation told of the user. Where too many had no answer,
// the user is given up: each of them may have happened at any time, so that the
// orders to look at are many.
func (s *slot) learn(o history.Operation) {
	const most = 4
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.id != o.ID {
		return
	}
	s.version = max(s.version, o.Answer.Version)
	if o.Outcome == history.Unknown && o.Kind != history.Read {
		s.unsure++
	}
	s.over = s.over || o.Kind == history.Delete && o.Outcome == history.Done || o.Outcome == history.Missing || s.unsure >= most
}

// list walks through the list of users, in pages that are smaller than it.
func (c *historian) list() {
	walk := history.List{Client: c.number, Call: c.moment()}
	for path := "/users?limit=3"; path != ""; {
		got, err := c.ask("GET", path, "", "", "")
		if err != nil || got.status != http.StatusOK {
			c.recover(got, err)
			return
		}
		var page []listed
		if json.Unmarshal([]byte(got.body), &page) != nil {
			page = []listed{{ID: got.body}} // no user has that id
		}
		for _, user := range page {
			walk.Users = append(walk.Users, history.User(user))
		}
		path = next(got.header.Get("Link"))
	}
	walk.Return = c.moment()
	c.lists = append(c.lists, walk)
}

type listed struct {
	ID      string `json:"id"`
	Name    string `json:"username"`
	Version int64  `json:"version"`
}

// next is the link to the next page, or "".
func next(links string) string {
	for link := range strings.SplitSeq(links, ", ") {
		if target, found := strings.CutSuffix(link, `; rel="next"`); found {
			return strings.Trim(target, "<>")
		}
	}
	return ""
}

// shown is the user in an answer; its version is the one of both its tag and
// its body.
func shown(got answer) history.User {
	var user listed
	if got.body != "" && json.Unmarshal([]byte(got.body), &user) != nil || got.body != "" && got.header.Get("ETag") != fmt.Sprintf(`"%d"`, user.Version) {
		return history.User{ID: got.body, Name: got.header.Get("ETag")} // no user is like that
	}
	return history.User(user)
}

func outcome(got answer, err error) history.Outcome {
	switch {
	case err != nil || got.status == http.StatusServiceUnavailable:
		return history.Unknown
	case got.status/100 == 2:
		return history.Done
	case got.status == http.StatusNotFound:
		return history.Missing
	case got.status == http.StatusPreconditionFailed:
		return history.Stale
	default:
		return history.Unknown // recover notes it
	}
}

// ask sends a request, and hangs up on some after a moment.
func (c *historian) ask(method, path, body, header, value string) (answer, error) {
	ctx := context.Background()
	if c.dice.IntN(300) == 0 {
		var hangUp context.CancelFunc
		ctx, hangUp = context.WithTimeout(ctx, time.Duration(c.dice.IntN(3000))*time.Microsecond)
		defer hangUp()
	}
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	if value != "" {
		request.Header.Set(header, value)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(content)}, err
}

// recover waits until the server is ready, if it was it that had no answer.
func (c *historian) recover(got answer, err error) {
	if err == nil && got.status == http.StatusConflict {
		time.Sleep(time.Millisecond) // the first request with the key goes on
		return
	}
	if err == nil && got.status != http.StatusServiceUnavailable {
		c.strange = append(c.strange, fmt.Sprint(got.status, " ", got.body))
	}
	for !c.over() {
		response, err := c.http.Get(c.url + "/readyz")
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
}
