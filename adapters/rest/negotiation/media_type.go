package negotiation

import (
	"mime"
	"net/http"
	"slices"
	"strings"
)

// MediaType returns the media type of a body, one of those that an operation
// reads. It returns an UnsupportedError for any other, for a charset that is
// not UTF-8, and for a compressed body. A strict check matters: a web page can
// send text/plain to another site without asking first.
func MediaType(header http.Header, reads ...string) (string, error) {
	values := header["Content-Type"]
	if len(values) == 1 && header["Content-Encoding"] == nil && slices.Contains(reads, values[0]) {
		return values[0], nil
	}
	if encoding := header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return "", &UnsupportedError{"the body is compressed; send it without Content-Encoding"}
	}
	if len(values) == 1 {
		name, params, err := mime.ParseMediaType(values[0])
		charset, named := params["charset"]
		if err == nil && slices.Contains(reads, name) && (!named || strings.EqualFold(charset, "utf-8")) {
			return name, nil
		}
	}
	return "", &UnsupportedError{"send the header Content-Type: " + strings.Join(reads, " or ")}
}
