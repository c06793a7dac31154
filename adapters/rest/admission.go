package rest

import (
	"errors"
	"net/http"
	"strings"

	"github.com/roster-directory/roster/domain"
)

// admit returns the caller of a request, who holds the scope.
func (d *dispatcher) admit(r *http.Request, scope domain.Scope) (domain.Principal, error) {
	caller, err := d.authenticate(r)
	if err != nil {
		return domain.Principal{}, err
	}
	if err := caller.RequireWithin(scope); err != nil {
		return domain.Principal{}, &scopeError{err, scope, strings.HasPrefix(caller.Subject, "key:")}
	}
	return caller, nil
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

// header is the challenge after an error; nil if another token would not help. A
// request without a token learns no more than where to get one.
func (c challenge) header(r *http.Request, p *problem, err error) []string {
	var parameters []string
	switch {
	case p.kind == kindUnauthenticated:
		if e, ok := errors.AsType[*domain.Error](err); ok && e.Reason != domain.ReasonMissing {
			parameters = append(parameters, `error="invalid_token"`, `error_description="`+quotable(e.Detail)+`"`)
		}
	case p.kind == kindDenied && c.tokens:
		parameters = append(parameters, `error="insufficient_scope"`, `error_description="`+quotable(p.detail)+`"`)
		if scopes := c.scopes(err); scopes != "" {
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
func (c challenge) scopes(err error) string {
	lacks, ok := errors.AsType[*scopeError](err)
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
