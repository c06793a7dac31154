package rest

import (
	"mime"
	"net/http"
	"strings"
)

// checkMediaType refuses what is not JSON in UTF-8: a web page can send
// text/plain to another site without asking first.
func checkMediaType(header http.Header) error {
	if encoding := header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return newProblem(kindMedia, "the body is compressed; send it without Content-Encoding")
	}
	given := header["Content-Type"]
	if len(given) == 1 && given[0] == "application/json" {
		return nil
	}
	if len(given) == 1 {
		name, params, err := mime.ParseMediaType(given[0])
		charset, named := params["charset"]
		if err == nil && name == "application/json" && (!named || strings.EqualFold(charset, "utf-8")) {
			return nil
		}
	}
	return newProblem(kindMedia, "send the header Content-Type: application/json")
}
