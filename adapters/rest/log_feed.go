package rest

import (
	"context"
	"encoding/binary"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/roster-directory/roster/adapters/cloudevents"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

const (
	eventStream = "text/event-stream"
	// feedPause is how long a stream of events says nothing at most, so that everybody on
	// its way knows that it lives.
	feedPause = 15 * time.Second
	// feedRetry is after how many milliseconds a client connects again.
	feedRetry = 1000
)

// lastEventID is the header by which a client goes on with a stream of events.
type lastEventID struct{ cursor string }

func (l *lastEventID) read(header http.Header) error {
	given := header["Last-Event-Id"]
	if len(given) > 1 || len(given) == 1 && len(given[0]) > 512 {
		return invalidParameter("Last-Event-ID", domain.ReasonSyntax, "is not one cursor", "send the id of the last event")
	}
	if len(given) == 1 {
		l.cursor = given[0]
	}
	return nil
}

// FollowLog answers with the entries after a position: those that are there, or the first
// ones that come, or all that come.
func (h *handlers) FollowLog(ctx context.Context, request followLogRequest) (followLogResponse, error) {
	params, faults := request.read()
	limit, badLimit := pageSize(params.Limit, domain.DefaultListSize)
	organization, badID := parseGiven(params.Organization, parseOrganization)
	wait, badWait := feedWait(params.Wait)
	if err := errors.Join(faults, badLimit, inParameter(badID), badWait); err != nil {
		return nil, err
	}
	if request.lastEventID.cursor != "" {
		params.After = request.lastEventID.cursor
	}
	in := app.FollowLog{Kinds: kindsOf(params.Kind), Organization: organization, Limit: limit, Wait: wait, Stop: h.draining.started}
	var err error
	if in.After, err = h.openFeed(ctx, request.caller, params.After); err != nil {
		return nil, err
	}
	if request.responseType == eventStream {
		in.Wait = 0
	}
	page, err := h.log.Follow(ctx, request.caller, in)
	if err != nil {
		return nil, invalidQuery(err)
	}
	if request.responseType == eventStream {
		return followLog200{h.streamLog(ctx, request.caller, in, page)}, nil
	}
	encode, mediaType := appendLogEntry, jsonType
	if request.responseType == cloudevents.BatchMediaType {
		encode, mediaType = cloudevents.Append, []string{cloudevents.BatchMediaType}
	}
	out := listOf(page.Entries, func(b []byte, e *ports.FollowedEntry) []byte { return encode(b, &e.Entry) })
	out.mediaType = mediaType
	out.link, err = h.cursors.feedLink(ctx, request.query, feedQuery(request.caller), page.Next)
	return followLog200{wholeResponse{out}}, err
}

// feedQuery is that of all cursors of the feed: a position means the same whatever is
// selected.
func feedQuery(caller domain.Principal) fingerprint { return newFingerprint(caller, "followLog") }

// feedWait reads a number of seconds, with or without an s.
func feedWait(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	seconds, err := strconv.ParseUint(strings.TrimSuffix(text, "s"), 10, 8)
	wait := time.Duration(seconds) * time.Second
	if err != nil || wait > app.MaxLogWait {
		return 0, invalidParameter("wait", domain.ReasonRange, "is not 0s to 30s", "send a number of seconds, such as 20s")
	}
	return wait, nil
}

// openFeed is where a reader begins: after a cursor, or at an end of the log.
func (h *handlers) openFeed(ctx context.Context, caller domain.Principal, after string) (*ports.LogPosition, error) {
	switch after {
	case "", "beginning":
		return nil, nil
	case "now":
		end, err := h.log.End(ctx, caller)
		return &end, err
	}
	at, err := h.cursors.open(ctx, feedQuery(caller), after)
	if err != nil {
		if _, malformed := errors.AsType[*parameterError](err); malformed {
			err = invalidParameter("after", domain.ReasonSyntax, "is not a cursor of the log",
				"follow Link as it is, or send beginning or now")
		}
		return nil, err
	}
	return logPosition(at), nil
}

// feedLink is the header Link of a page: there is always a next one.
func (c *cursors) feedLink(ctx context.Context, query string, of fingerprint, next ports.LogPosition) (string, error) {
	target := pageWithout("feed", query, "after")
	separator := byte('?')
	if strings.Contains(target, "?") {
		separator = '&'
	}
	b := append(append([]byte{'<'}, target...), separator)
	b, err := c.appendCursor(ctx, append(b, "after="...), of, positionOfLog(next))
	return string(append(b, `>; rel="next"`...)), err
}

// A position of the feed keeps the number of the change in at, in microseconds, the
// timeline in id, and the last change seen and the number of the entry in key.

func positionOfLog(p ports.LogPosition) *position {
	key := binary.BigEndian.AppendUint64(nil, p.Seen)
	key = binary.BigEndian.AppendUint64(key, uint64(p.Number))                              //nolint:gosec // the bits of an int64
	return &position{at: time.UnixMicro(int64(p.Change)), id: p.Timeline, key: string(key)} //nolint:gosec // transactions are under 1<<63
}

func logPosition(p *position) *ports.LogPosition {
	if p == nil || len(p.key) != 16 {
		return nil
	}
	key := []byte(p.key)
	return &ports.LogPosition{
		Change: uint64(p.at.UnixMicro()), Timeline: p.id,
		Seen: binary.BigEndian.Uint64(key), Number: int64(binary.BigEndian.Uint64(key[8:])), //nolint:gosec // the bits of an int64
	}
}

// streamLog sends entries as server-sent events until the client or the process ends, from
// a page on.
func (h *handlers) streamLog(ctx context.Context, caller domain.Principal, in app.FollowLog, page ports.Followed) *stream {
	return &stream{mediaType: eventStream, timeout: h.timeout, run: func(out *streamWriter) error {
		b := append(strconv.AppendInt([]byte("retry: "), feedRetry, 10), "\n\n"...)
		in.Wait = feedPause
		for {
			var err error
			if b, err = h.appendEvents(ctx, b, caller, page); err != nil {
				return err
			}
			if _, err := out.Write(b); err != nil {
				return err
			}
			if err := out.flush(); err != nil {
				return err
			}
			after := page.Next
			b, in.After = b[:0], &after
			page, err = h.log.Follow(ctx, caller, in)
			switch {
			case ctx.Err() != nil || err == nil && len(page.Entries) == 0 && h.draining.hasStarted():
				return nil // the client connects again, elsewhere if the process ends
			case err != nil:
				return err
			}
		}
	}}
}

// appendEvents appends the entries of a page, each with the cursor after it as its id, or a
// comment where there are none.
func (h *handlers) appendEvents(ctx context.Context, b []byte, caller domain.Principal, page ports.Followed) ([]byte, error) {
	if len(page.Entries) == 0 {
		return append(b, ":\n\n"...), nil
	}
	if _, err := h.cursors.aead(ctx); err != nil {
		return nil, err
	}
	query := feedQuery(caller)
	for i := range page.Entries {
		e := &page.Entries[i]
		encode := func(b []byte) []byte {
			b, _ = h.cursors.appendCursor(ctx, append(b, "id: "...), query, positionOfLog(e.At)) // it needs the cipher only
			return append(cloudevents.Append(append(b, "\ndata: "...), &e.Entry), "\n\n"...)
		}
		if e.Memo == nil || !caller.Within.IsZero() { // the cursor of a bound caller is another
			b = encode(b)
			continue
		}
		b = append(b, e.Memo.Do(func() any { return encode(nil) }).([]byte)...)
	}
	return b, nil
}
