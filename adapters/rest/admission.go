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
	return caller, caller.RequireWithin(scope)
}

// challenge is the header WWW-Authenticate of RFC 6750, section 3. A request
// without a token learns only the scheme.
func challenge(err error) []string {
	e, ok := errors.AsType[*domain.Error](err)
	if !ok || e.Reason == domain.ReasonMissing {
		return []string{"Bearer"}
	}
	return []string{`Bearer error="invalid_token", error_description="` + quotable(e.Detail) + `"`}
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
