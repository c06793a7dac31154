package rest

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/roster-directory/roster/adapters/rest/rates"
	"github.com/roster-directory/roster/domain"
)

// admit returns the caller of a request, who holds the scopes. It takes the cost from
// the caller's allowance, also where it then refuses the request. Nothing has read the
// body yet.
func (d *dispatcher) admit(w http.ResponseWriter, r *http.Request, cost int, scopes ...domain.Scope) (domain.Principal, error) {
	caller, err := d.authenticate(r)
	if err == nil {
		err = d.spend(w.Header(), caller, cost)
	} else if errors.Is(err, domain.Unauthenticated) {
		err = d.spendUnauthenticated(err, cost)
	}
	if err != nil {
		return domain.Principal{}, err
	}
	for _, scope := range scopes {
		if err := caller.RequireWithin(scope); err != nil {
			return domain.Principal{}, &scopeError{err, scope, caller.HasAPIKey()}
		}
	}
	return caller, nil
}

// spend takes a cost from the allowance of a caller, and sets the headers that tell of
// it. The error is a problem.
func (d *dispatcher) spend(header http.Header, caller domain.Principal, cost int) error {
	if d.rates == nil {
		return nil
	}
	result := d.rates.Take(caller.Subject, cost)
	header["Ratelimit-Policy"] = d.rates.Policy()
	header["Ratelimit"] = []string{d.rates.Header(result)}
	if result.Wait == 0 {
		return nil
	}
	return tooMany(result, "the request costs "+strconv.Itoa(cost)+" units, and the caller has "+strconv.Itoa(result.Remaining))
}

// spendUnauthenticated takes a cost from the allowance of all requests without valid
// credentials. It returns why the credentials are refused, or that too many were.
func (d *dispatcher) spendUnauthenticated(refused error, cost int) error {
	if d.rates == nil {
		return refused
	}
	result := d.rates.TakeUnauthenticated(cost)
	if result.Wait == 0 {
		return refused
	}
	p := tooMany(result, "the request has no valid token, and there were too many like it")
	p.cause = refused
	return p
}

func tooMany(result rates.Result, detail string) *problem {
	p := newProblem(kindRate, detail+"; send it again in "+strconv.Itoa(result.Wait)+" s")
	p.retryAfter = result.Wait
	return p
}

// scopeError says that the caller lacks the scope of the operation.
type scopeError struct {
	error
	scope domain.Scope
	byKey bool // the caller has an API key
}

func (e *scopeError) Unwrap() error { return e.error }

// challenge is the header WWW-Authenticate of RFC 6750, section 3, for a request
// without a valid token, or whose token lacks a right.
type challenge struct {
	// tokens is set where callers have tokens, and not the program's own
	// authentication.
	tokens bool
	// resource is nil where no access tokens are accepted.
	resource *ResourceMetadata
}

// header is the challenge of a problem; nil if another token would not help. A
// request without a token learns no more than where to get one.
func (c challenge) header(r *http.Request, p *problem) []string {
	var parameters []string
	switch {
	case p.kind == kindUnauthenticated || p.kind == kindRate && p.cause != nil:
		if e, ok := errors.AsType[*domain.Error](p.cause); ok && e.Reason != domain.ReasonMissing {
			parameters = append(parameters, `error="invalid_token"`, `error_description="`+quotable(e.Detail)+`"`)
		}
	case p.kind == kindDenied && c.tokens:
		parameters = append(parameters, `error="insufficient_scope"`, `error_description="`+quotable(p.detail)+`"`)
		if scopes := c.scopes(p.cause); scopes != "" {
			parameters = append(parameters, `scope="`+quotable(scopes)+`"`)
		}
	default:
		return nil
	}
	if address := addressOf(r); c.resource != nil && address != "" {
		parameters = append(parameters, `resource_metadata="`+quotable(address+metadataPath)+`"`)
	}
	return []string{strings.TrimSuffix("Bearer "+strings.Join(parameters, ", "), " ")}
}

// scopes are the scopes that the operation needs, in the words of the caller's token.
func (c challenge) scopes(cause error) string {
	lacks, ok := errors.AsType[*scopeError](cause)
	switch {
	case !ok:
		return ""
	case lacks.byKey || c.resource == nil:
		return string(lacks.scope)
	}
	return strings.Join(c.resource.scopes(lacks.scope), " ")
}

// quotable leaves the characters that RFC 6750 allows in error_description.
func quotable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || r == '"' || r == '\\' {
			return -1
		}
		return r
	}, text)
}
