package rest

import (
	"context"
	"errors"
	"time"

	"github.com/roster-directory/roster/adapters/rest/reference"
	"github.com/roster-directory/roster/app"
	"github.com/roster-directory/roster/domain"
)

// handlers answers the operations of the contract: it turns what was sent into
// values of the domain, asks a use case, and encodes the result.
type handlers struct {
	users         *app.Users
	organizations *app.Organizations
	memberships   *app.Memberships
	plans         *app.Plans
	activity      *app.Activity
	bulk          *app.Bulk
	cursors       *cursors
	reference     *reference.Reference
	ready         func(context.Context) error
	draining      *draining
	// patience is how long the client of a stream may stall.
	patience time.Duration
}

var _ operations = (*handlers)(nil)

// pageSize reads the parameter limit.
func pageSize(limit *int, otherwise domain.PageSize) (domain.PageSize, error) {
	if limit == nil {
		return otherwise, nil
	}
	size, err := domain.ParsePageSize(*limit)
	return size, inParameter(err)
}

// moment is the time of a parameter; zero where it is absent.
func moment(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}

// totalOf counts, if that is asked for.
func totalOf(how domain.Counting, count func() (domain.Total, error)) (domain.Total, error) {
	if how == "" || how == domain.CountNone {
		return domain.Total{}, nil
	}
	return count()
}

// userID reads the id in a user's path.
func userID(text string) (domain.UserID, error) {
	id, err := domain.ParseID[domain.User]("id", text)
	return id, inParameter(err)
}

// optional parses the value of a member that may be absent; without it, the
// result is zero.
func optional[V any, T ~string](text *T, parse func(string) (V, error)) (V, error) {
	if text == nil {
		var none V
		return none, nil
	}
	return parse(string(*text))
}

// given parses a parameter that may be absent, and then is empty.
func given[V any](text string, parse func(string) (V, error)) (V, error) {
	if text == "" {
		var none V
		return none, nil
	}
	return parse(text)
}

// optionalAttributes parses attributes that may be absent.
func optionalAttributes(text *Attributes) (*domain.Attributes, error) {
	if text == nil {
		return nil, nil //nolint:nilnil // absent attributes are no fault
	}
	attributes, err := domain.ParseAttributes(*text)
	return &attributes, err
}

// Live answers for as long as anything does.
func (h *handlers) Live(context.Context, liveRequest) (liveResponse, error) {
	return live200{healthy()}, nil
}

// Ready answers while Roster can serve.
func (h *handlers) Ready(ctx context.Context, _ readyRequest) (readyResponse, error) {
	if h.draining.hasBegun() {
		return nil, ending()
	}
	if err := h.ready(ctx); err != nil {
		return nil, notReady(err)
	}
	return ready200{healthy()}, nil
}

// notReady makes any reason for not being ready a 503.
func notReady(err error) error {
	if errors.Is(err, domain.Unavailable) {
		return err
	}
	return &domain.Error{Kind: domain.Unavailable, Reason: domain.ReasonUnreachable, Detail: "the database is not ready", Fix: "try again", Err: err}
}

func healthy() *answer {
	a := newAnswer()
	a.buf = append(a.buf, `{"status":"ok"}`...)
	return a
}
