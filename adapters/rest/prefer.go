package rest

import (
	"net/http"
	"strings"
)

// prefer is the header Prefer (RFC 7240), as far as Roster follows it.
type prefer struct {
	// minimal leaves out the body of the answer to a write.
	minimal bool
}

// read takes preferences from a header. Those that Roster does not know, or
// can't read, it ignores, as the standard says; of several of a name the first
// counts.
func (p *prefer) read(header http.Header) {
	for _, line := range header["Prefer"] {
		for each := range strings.SplitSeq(line, ",") {
			preference, _, _ := strings.Cut(each, ";")
			name, value, _ := strings.Cut(preference, "=")
			if strings.EqualFold(strings.TrimSpace(name), "return") {
				p.minimal = strings.Trim(strings.TrimSpace(value), `"`) == "minimal"
				return
			}
		}
	}
}
