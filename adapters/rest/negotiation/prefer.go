package negotiation

import (
	"net/http"
	"strings"
)

// PrefersMinimal reports whether the header Prefer (RFC 7240) asks for a
// response to a write without a body. Of several "return" preferences the first
// counts; others are ignored, as the standard says.
func PrefersMinimal(header http.Header) bool {
	for _, line := range header["Prefer"] {
		for text := range strings.SplitSeq(line, ",") {
			preference, _, _ := strings.Cut(text, ";")
			name, value, _ := strings.Cut(preference, "=")
			if strings.EqualFold(strings.TrimSpace(name), "return") {
				return strings.Trim(strings.TrimSpace(value), `"`) == "minimal"
			}
		}
	}
	return false
}
