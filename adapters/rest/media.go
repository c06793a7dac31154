package rest

import (
	"mime"
	"net/http"
	"slices"
	"strings"
)

// checkMediaType refuses what is not JSON in UTF-8: a web page can send
// text/plain to another site without asking first.
func checkMediaType(header http.Header) error {
	given := header["Content-Type"]
	if len(given) == 1 && given[0] == "application/json" && header["Content-Encoding"] == nil {
		return nil
	}
	_, err := mediaType(header, "application/json")
	return err
}

// mediaType returns which of those that an operation reads a body is; the error
// is a problem where it is none, is not in UTF-8, or is compressed.
func mediaType(header http.Header, reads ...string) (string, error) {
	if encoding := header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return "", newProblem(kindMedia, "the body is compressed; send it without Content-Encoding")
	}
	if given := header["Content-Type"]; len(given) == 1 {
		name, params, err := mime.ParseMediaType(given[0])
		charset, named := params["charset"]
		if err == nil && slices.Contains(reads, name) && (!named || strings.EqualFold(charset, "utf-8")) {
			return name, nil
		}
	}
	return "", newProblem(kindMedia, "send the header Content-Type: "+strings.Join(reads, " or "))
}
