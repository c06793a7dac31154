package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/pgtest"
)

// Of the test below: how many users exist, and how many callers make how many requests.
const (
	loggedUsers    = 30
	loggedCallers  = 8
	loggedRequests = 60
)

// TestTheLogHasEachVersionOnce writes in every way at the same time, through two
// replicas: requests that share batches, requests that are alone, imports, and the
// statements of another program. The log then has each version of each user once, with
// the caller and the request that made it, and no value of any field.
func TestTheLogHasEachVersionOnce(t *testing.T) {
	t.Parallel()
	url := migrated.Database(t)
	settings := []string{"DATABASE_URL=" + url, "ROSTER_AUTH=token"}
	replicas := [2]*instance{serve(t, settings...), serve(t, settings...)}
	users := make([]string, loggedUsers)
	token, _ := newKey(t, quietly(settings), "first")
	for i := range users {
		users[i] = idIn(replicas[0].expect(201, "POST", "/users", canaryUser(fmt.Sprint("start", i)), bearer(token)))
	}
	var all sync.WaitGroup
	writers := make([]*loggedWriter, loggedCallers)
	for i := range writers {
		token, _ := newKey(t, quietly(settings), fmt.Sprint("caller", i))
		writers[i] = &loggedWriter{
			t: t, number: i, to: replicas[i%2], token: bearer(token), users: users,
			random: rand.New(rand.NewPCG(1, uint64(i))),
		}
		writers[i].actor = subjectOf(t, replicas[0], writers[i].token)
		all.Go(writers[i].run)
	}
	all.Go(func() { importCanaries(t, url) })
	all.Go(func() { updateByHand(t, url, users) })
	all.Wait()

	c := pgtest.Connect(t, url)
	noRows(t, c, "versions are missing or there twice", `SELECT u.id || ' v' || v || ' ' || count(l.number)
		FROM roster.users u CROSS JOIN generate_series(1, u.version) v
		LEFT JOIN roster.log l ON l.subject = u.id::text AND l.version = v AND l.kind LIKE 'user.%'
		GROUP BY u.id, v HAVING count(l.number) <> 1`)
	noRows(t, c, "versions do not exist", `SELECT u.id || ' v' || l.version FROM roster.users u
		JOIN roster.log l ON l.subject = u.id::text AND l.kind LIKE 'user.%' WHERE l.version NOT BETWEEN 1 AND u.version`)
	noRows(t, c, "entries hold a value", "SELECT l::text FROM roster.log l WHERE l::text ~* 'canary'")
	noRows(t, c, "imported users have another actor", `SELECT l.actor FROM roster.users u JOIN roster.log l ON l.subject = u.id::text
		WHERE u.username LIKE 'canary.imported%' AND (l.actor <> 'local' OR l.request IS NOT NULL)`)
	const byHand = "SELECT count(*) FROM roster.log WHERE actor = 'database:' || session_user AND kind = 'user.updated'"
	if n := pgtest.Scalar[int](t, c, byHand); n != loggedRequests {
		t.Errorf("%d entries are of the other program; there should be %d", n, loggedRequests)
	}
	for _, w := range writers {
		w.check(c)
	}
}

// quietly is an environment for commands beside a server.
func quietly(settings []string) []string {
	return append(noLimits(), append(settings, "ROSTER_LOG=off")...)
}

func canaryUser(name string) string {
	return fmt.Sprintf(`{"username":"canary.%s","email":"canary.%s@example.com","display_name":"Canary %s","attributes":{"canary":"canary"}}`,
		name, name, name)
}

// subjectOf is how the log names the caller that has a token.
func subjectOf(t *testing.T, i *instance, token string) string {
	t.Helper()
	var me struct{ Subject string }
	if err := json.Unmarshal([]byte(i.expect(200, "GET", "/me", "", token).body), &me); err != nil || me.Subject == "" {
		t.Fatalf("no subject of the caller: %v", err)
	}
	return me.Subject
}

func noRows(t *testing.T, c *pgx.Conn, what, query string) {
	t.Helper()
	if rows := pgtest.Column[string](t, c, query); len(rows) > 0 {
		t.Errorf("%d %s: %s", len(rows), what, strings.Join(rows[:min(3, len(rows))], "; "))
	}
}

// loggedWriter is a caller of the API that changes users at random.
type loggedWriter struct {
	t             *testing.T
	number        int
	to            *instance
	token, actor  string
	users         []string
	random        *rand.Rand
	done, refused []loggedRequest
}

// loggedRequest is a request that was answered. The version is 0 where the response has none.
type loggedRequest struct {
	id, kind, subject string
	version           int64
}

func (w *loggedWriter) run() {
	for n := range loggedRequests {
		subject := w.users[w.random.IntN(len(w.users))]
		q := loggedRequest{id: fmt.Sprintf("caller-%d-%d", w.number, n), subject: subject}
		headers := []string{w.token, "X-Request-Id: " + q.id}
		if w.random.IntN(4) == 0 {
			headers = append(headers, `Idempotency-Key: "`+q.id+`"`) // such a request is alone
		}
		method, path, body := "PUT", "/users/"+subject, canaryUser(q.id)
		q.kind = "user.updated"
		switch w.random.IntN(6) {
		case 0:
			method, path, q.kind, q.subject = "POST", "/users", "user.created", ""
		case 1:
			method, body = "PATCH", `{"display_name":"Canary `+q.id+`"}`
			headers = append(headers, "Content-Type: application/merge-patch+json")
		case 2:
			method, body, q.kind = "DELETE", "", "user.deleted"
		case 3:
			method, path, body, q.kind = "POST", path+"/restore", "", "user.restored"
		}
		got, err := w.to.send(method, path, body, headers...)
		if err != nil || got.status >= 500 {
			w.t.Errorf("%s %s: status %d, %v: %s", method, path, got.status, err, got.body)
			return
		}
		w.keep(q, got)
	}
}

// keep remembers a request and its response.
func (w *loggedWriter) keep(q loggedRequest, got response) {
	if got.status >= 400 {
		w.refused = append(w.refused, q)
		return
	}
	var user struct {
		ID      string
		Version int64
	}
	if got.status != 204 {
		if err := json.Unmarshal([]byte(got.body), &user); err != nil {
			w.t.Errorf("%s: %v", got.body, err)
		}
		q.subject, q.version = user.ID, user.Version
	}
	w.done = append(w.done, q)
}

// check compares the responses with the log.
func (w *loggedWriter) check(c *pgx.Conn) {
	const found = `SELECT count(*) FROM roster.log WHERE request = $1 AND actor = $2 AND kind = $3 AND subject = $4
		AND ($5 = 0 OR version = $5)`
	const every = "SELECT count(*) FROM roster.log WHERE request = $1"
	for _, q := range w.done {
		entries := pgtest.Scalar[int](w.t, c, every, q.id)
		if q.kind == "user.restored" && entries == 0 {
			continue // the user was not deleted
		}
		if n := pgtest.Scalar[int](w.t, c, found, q.id, w.actor, q.kind, q.subject, q.version); n != 1 || entries != 1 {
			w.t.Errorf("%s, %s of %s to version %d: %d entries, of which %d fit", q.id, q.kind, q.subject, q.version, entries, n)
		}
	}
	for _, q := range w.refused {
		if n := pgtest.Scalar[int](w.t, c, every, q.id); n != 0 {
			w.t.Errorf("%s was refused, and has %d entries", q.id, n)
		}
	}
	if len(w.done) == 0 {
		w.t.Error("a caller changed nothing")
	}
}

func importCanaries(t *testing.T, url string) {
	var lines strings.Builder
	for n := range 100 {
		lines.WriteString(canaryUser(fmt.Sprint("imported", n)) + "\n")
	}
	mustRun(t, url, "import", dataSet(t, map[string]string{"users.ndjson": lines.String()}))
}

// updateByHand changes a user at a time, as another program does that knows no callers.
func updateByHand(t *testing.T, url string, users []string) {
	c := pgtest.Connect(t, url)
	for n := range loggedRequests {
		id := users[n%len(users)]
		if _, err := c.Exec(t.Context(), `UPDATE roster.users SET display_name = $2, version = version + 1 WHERE id = $1`,
			id, fmt.Sprint("Canary ", n)); err != nil {
			t.Error(err)
		}
	}
}
