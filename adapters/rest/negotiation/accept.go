package negotiation

import (
	"net/http"
	"strings"
)

// precision says how exactly an entry of Accept names a media type. The most
// precise entry decides (RFC 9110, section 12.5.1).
type precision int

const (
	noMatch precision = iota
	anyMatch
	typeMatch
	fullMatch
)

// Accept returns the offer that the header Accept prefers, the first of those
// that it prefers equally; false where it accepts none. Without the header, or
// where no entry of it can be read, it is the first offer.
func Accept(header http.Header, offers ...string) (string, bool) {
	values := header["Accept"]
	if len(values) == 0 || len(values) == 1 && (values[0] == "*/*" || values[0] == offers[0]) {
		return offers[0], true
	}
	best, highest, anyReadable := "", 0, false
	for _, offer := range offers {
		weight, readable := weightOf(values, offer)
		if anyReadable = anyReadable || readable; weight > highest {
			best, highest = offer, weight
		}
	}
	if !anyReadable {
		return offers[0], true
	}
	return best, highest > 0
}

// weightOf returns the weight that the values of Accept give an offer, and
// whether any entry can be read.
func weightOf(values []string, offer string) (weight int, readable bool) {
	best := noMatch
	for entry := range entries(values) {
		kind, subtype, slash := strings.Cut(entry.name, "/")
		if slash && (!isToken(kind) || !isToken(subtype) || kind == "*" && subtype != "*") || !slash && kind != "*" {
			continue
		}
		readable = true
		switch match := precisionOf(entry, kind, subtype, offer); {
		case match > best:
			best, weight = match, entry.weight
		case match == best && match != noMatch:
			weight = max(weight, entry.weight)
		}
	}
	return weight, readable
}

func precisionOf(entry entry, kind, subtype, offer string) precision {
	offered, _, _ := strings.Cut(offer, "/")
	switch {
	case kind == "*":
		return anyMatch // "*/*", or "*" alone, as old clients send it
	case subtype == "*" && strings.EqualFold(kind, offered):
		return typeMatch
	case strings.EqualFold(entry.name, offer) && acceptsUTF8(entry.params):
		return fullMatch
	}
	return noMatch
}

// acceptsUTF8 reports whether the parameters of a media type ask for no charset
// but UTF-8. Responses have no other parameter, so the rest is ignored.
func acceptsUTF8(params string) bool {
	for params != "" {
		var param string
		param, params = cutUnquoted(params, ';')
		name, value, _ := strings.Cut(param, "=")
		if strings.EqualFold(strings.Trim(name, " \t"), "charset") && !strings.EqualFold(strings.Trim(value, " \t\""), "utf-8") {
			return false
		}
	}
	return true
}

func isToken(text string) bool {
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return text != ""
}
