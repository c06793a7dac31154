package rest

import (
	"context"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"strings"
	"time"

	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// ListLog answers with a page of the log.
func (h *handlers) ListLog(ctx context.Context, request listLogRequest) (listLogResponse, error) {
	params, faults := request.read()
	limit, badLimit := pageSize(params.Limit, domain.DefaultListSize)
	organization, badID := parseGiven(params.Organization, parseOrganization)
	if err := errors.Join(faults, badLimit, inParameter(badID)); err != nil {
		return nil, err
	}
	filter := ports.LogFilter{
		Kinds: kindsOf(params.Kind), Subject: params.Subject, Actor: params.Actor, Organization: organization,
		From: timeOrZero(params.From), To: timeOrZero(params.To),
	}
	query := newFingerprint(request.caller, "listLog", kindsText(filter.Kinds), filter.Subject, filter.Actor, organization.String(),
		instantText(filter.From), instantText(filter.To))
	after, err := h.cursors.open(ctx, query, params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := h.log.List(ctx, request.caller, ports.ListLog{Filter: filter, After: listPosition(after), Limit: limit})
	if err != nil {
		return nil, err
	}
	if request.responseType == "text/csv" {
		return listLog200{h.logCSV(page.Items)}, nil
	}
	out := listOf(page.Items, appendLogEntry)
	out.link, err = h.cursors.link(ctx, firstPage("log", request.query), query, endOf(page, positionOfEntry))
	return listLog200{wholeResponse{out}}, err
}

// ListUserLog answers with a page of what happened to a user.
func (h *handlers) ListUserLog(ctx context.Context, request listUserLogRequest) (listUserLogResponse, error) {
	params, faults := request.read()
	id, badID := userID(request.path.ID)
	limit, badLimit := pageSize(params.Limit, domain.DefaultListSize)
	if err := errors.Join(badID, faults, badLimit); err != nil {
		return nil, err
	}
	query := newFingerprint(request.caller, "listUserLog", id.String())
	after, err := h.cursors.open(ctx, query, params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := h.log.OfUser(ctx, request.caller, app.LogOfUser{User: id, After: listPosition(after), Limit: limit})
	if err != nil {
		return nil, err
	}
	out := listOf(page.Items, appendLogEntry)
	out.link, err = h.cursors.link(ctx, firstPage("log", request.query), query, endOf(page, positionOfEntry))
	return listUserLog200{out}, err
}

// kindsOf are the kinds that a parameter names, which lists them in the order of
// domain.LogKinds.
func kindsOf(set fieldSet) (kinds []domain.LogKind) {
	for i, kind := range domain.LogKinds() {
		if set&(1<<i) != 0 {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

func kindsText(kinds []domain.LogKind) string {
	words := make([]string, len(kinds))
	for i, kind := range kinds {
		words[i] = string(kind)
	}
	return strings.Join(words, ",")
}

// A position of the log keeps the number of the entry in id.

func positionOfEntry(last *domain.LogEntry) *position {
	return &position{at: last.At, id: numberID(last.Number)}
}

func listPosition(p *position) *domain.LogListPosition {
	if p == nil {
		return nil
	}
	return &domain.LogListPosition{At: p.at, Number: idNumber(p.id)}
}

// logCSV answers with a page of the log for people.
func (h *handlers) logCSV(entries []domain.LogEntry) *stream {
	return &stream{mediaType: "text/csv", timeout: h.timeout, run: func(out *streamWriter) error {
		to := csv.NewWriter(out)
		to.UseCRLF = true
		_ = to.Write([]string{"at", "kind", "subject", "organization", "version", "fields", "actor", "request", "id"}) // Error returns it
		for i := range entries {
			e := &entries[i]
			line := []string{
				e.At.Format(time.RFC3339Nano), string(e.Kind), cellText(e.Subject), "", "", strings.Join(e.Fields, " "),
				cellText(e.Actor), cellText(e.Request), e.ID.String(),
			}
			if !e.Organization.IsZero() {
				line[3] = e.Organization.String()
			}
			if e.Version != 0 {
				line[4] = formatInt(int64(e.Version))
			}
			_ = to.Write(line)
		}
		to.Flush()
		return to.Error()
	}}
}

func appendLogEntry(b []byte, e *domain.LogEntry) []byte {
	b = append(e.ID.AppendText(append(b, `{"id":"`...)), '"')
	b = appendTime(append(b, `,"at":`...), e.At)
	b = appendString(append(b, `,"kind":`...), string(e.Kind))
	b = appendString(append(b, `,"subject":`...), e.Subject)
	if !e.Organization.IsZero() {
		b = append(e.Organization.AppendText(append(b, `,"organization":"`...)), '"')
	}
	if e.Version != 0 {
		b = append(b, `,"version":`...)
		b = append(b, formatInt(int64(e.Version))...)
	}
	if len(e.Fields) > 0 {
		b = appendStrings(append(b, `,"fields":`...), e.Fields)
	}
	b = appendString(append(b, `,"actor":`...), e.Actor)
	if e.Request != "" {
		b = appendString(append(b, `,"request":`...), e.Request)
	}
	return append(b, '}')
}

// numberID and idNumber keep a number in the place of an id.

func numberID(n int64) (id [16]byte) {
	binary.BigEndian.PutUint64(id[:], uint64(n)) //nolint:gosec // the bits of an int64
	return id
}

func idNumber(id [16]byte) int64 { return int64(binary.BigEndian.Uint64(id[:])) } //nolint:gosec // the bits of an int64
