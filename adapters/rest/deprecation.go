package rest

import (
	"net/http"
	"strconv"
	"time"
)

// policyLink leads to what the project promises about deprecated operations.
const policyLink = `<https://github.com/roster-directory/roster/blob/main/docs/api-policy.md>; rel="deprecation"; type="text/html"`

// announcing is the handler of a route, which sets the headers of RFC 9745 and
// RFC 8594 where the operation is deprecated. It panics where a date of the
// contract is malformed; a test of the contract finds that.
func announcing(each route) http.HandlerFunc {
	if each.deprecated == "" {
		return each.handle
	}
	began, err := time.Parse(time.DateOnly, each.deprecated)
	if err != nil {
		panic("rest: x-deprecated-at: " + err.Error())
	}
	ends, err := time.Parse(time.DateOnly, each.sunset)
	if err != nil {
		panic("rest: x-sunset: " + err.Error())
	}
	deprecation, sunset := []string{"@" + strconv.FormatInt(began.Unix(), 10)}, []string{ends.Format(http.TimeFormat)}
	return func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header["Deprecation"], header["Sunset"] = deprecation, sunset
		// The handler may set links, too, so this one is added when the response begins.
		if writer := responseWriterOf(w); writer != nil {
			writer.link = policyLink
		}
		each.handle(w, r)
	}
}
