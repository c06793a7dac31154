package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/roster-directory/roster/internal/history"
)

// userJSON is a user in a response.
type userJSON struct {
	ID      string `json:"id"`
	Name    string `json:"username"`
	Version int64  `json:"version"`
}

// nextPage returns the link to the next page; empty if there is none.
func nextPage(links string) string {
	for link := range strings.SplitSeq(links, ", ") {
		if target, found := strings.CutSuffix(link, `; rel="next"`); found {
			return "/" + strings.Trim(target, "<>") // lists are at the top
		}
	}
	return ""
}

// next returns the path of the next page.
func next(r response) string { return nextPage(r.header.Get("Link")) }

// userIn returns the user in a response. The ETag must have the version of the body.
func userIn(got response) history.User {
	if got.body == "" {
		return history.User{}
	}
	var user userJSON
	err := json.Unmarshal([]byte(got.body), &user)
	if tag := got.header.Get("ETag"); err != nil || tag != fmt.Sprintf(`"%d"`, user.Version) {
		return history.User{ID: got.body, Name: tag} // no such user exists
	}
	return history.User(user)
}

// outcome returns what a response says about the effect of a request.
func outcome(got response, err error) history.Outcome {
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
		return history.Unknown // recover records it
	}
}
