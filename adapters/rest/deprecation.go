package rest

import (
	"net/http"
	"strconv"
	"time"
)

// policyLink leads to what the project promises about deprecated operations.
const policyLink = `<https://github.com/roster-directory/roster/blob/main/docs/api-policy.md>; rel="deprecation"; type="text/html"`

// deprecation is what the answers of a deprecated operation say of it.
type deprecation struct{ since, sunset []string }

// newDeprecation reads the dates of the contract ("2026-11-23"), midnight UTC.
// It panics where one is malformed, as the contract's own tests would tell.
func newDeprecation(since, sunset string) *deprecation {
	if since == "" {
		return nil
	}
	began, err := time.Parse(time.DateOnly, since)
	if err != nil {
		panic("rest: x-deprecated-at: " + err.Error())
	}
	ends, err := time.Parse(time.DateOnly, sunset)
	if err != nil {
		panic("rest: x-sunset: " + err.Error())
	}
	return &deprecation{
		since:  []string{"@" + strconv.FormatInt(began.Unix(), 10)},
		sunset: []string{ends.Format(http.TimeFormat)},
	}
}

// announce sets the headers of RFC 9745 and RFC 8594. The handler may set its
// own links: the one to the policy is added when the answer begins.
func (d *deprecation) announce(w http.ResponseWriter) {
	header := w.Header()
	header["Deprecation"], header["Sunset"] = d.since, d.sunset
	if watched := watchOf(w); watched != nil {
		watched.link = policyLink
	}
}
