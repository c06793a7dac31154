package rest

import (
	"net/http"
	"strings"
)

// How exactly an entry of Accept describes a media type. The most exact of
// those that do is the one that counts.
const (
	describesNothing = iota
	describesAll
	describesKind
	describesType
)

// acceptable returns the offer that a request's header Accept admits best, the
// first of those that it admits equally (RFC 9110, section 12.5.1). Nothing is
// admitted where there is none: false. Without the header, or where nothing in
// it can be read, everything is.
func acceptable(header http.Header, offers ...string) (string, bool) {
	given := header["Accept"]
	if len(given) == 0 || len(given) == 1 && (given[0] == "*/*" || given[0] == offers[0]) {
		return offers[0], true
	}
	best, most, readable := "", 0, false
	for _, offer := range offers {
		weight, read := weigh(given, offer)
		if readable = readable || read; weight > most {
			best, most = offer, weight
		}
	}
	if !readable {
		return offers[0], true
	}
	return best, most > 0
}

// weigh returns the weight that the values of Accept give an offer, and
// whether any of them can be read.
func weigh(given []string, offer string) (weight int, readable bool) {
	exactness := describesNothing
	for each := range choices(given) {
		kind, subtype, slash := strings.Cut(each.name, "/")
		if slash && (!isToken(kind) || !isToken(subtype) || kind == "*" && subtype != "*") || !slash && kind != "*" {
			continue
		}
		readable = true
		switch exact := describes(each, kind, subtype, offer); {
		case exact > exactness:
			exactness, weight = exact, each.weight
		case exact == exactness && exact != describesNothing:
			weight = max(weight, each.weight)
		}
	}
	return weight, readable
}

func describes(each choice, kind, subtype, offer string) int {
	offered, _, _ := strings.Cut(offer, "/")
	switch {
	case kind == "*":
		return describesAll // alone, as old clients send it, or with another
	case subtype == "*" && strings.EqualFold(kind, offered):
		return describesKind
	case strings.EqualFold(each.name, offer) && inUTF8(each.params):
		return describesType
	}
	return describesNothing
}

// inUTF8 reports whether the parameters of a media type ask for no other
// charset. The rest of them is none that an answer could have.
func inUTF8(params string) bool {
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

// codings is what a request's header Accept-Encoding admits.
type codings struct{ gzip, identity bool }

// admittedCodings reads the values of Accept-Encoding (RFC 9110, section
// 12.5.3): gzip is for those who ask for it and do not prefer to do without.
func admittedCodings(given []string) codings {
	if len(given) == 0 || len(given) == 1 && given[0] == "identity" {
		return codings{identity: true}
	}
	if len(given) == 1 && given[0] == "gzip" {
		return codings{gzip: true, identity: true}
	}
	const unnamed = -1
	zip, plain, others := unnamed, unnamed, unnamed
	for each := range choices(given) {
		switch strings.ToLower(each.name) {
		case "gzip", "x-gzip":
			zip = max(zip, each.weight)
		case "identity":
			plain = max(plain, each.weight)
		case "*":
			others = max(others, each.weight)
		}
	}
	if zip == unnamed {
		zip = others
	}
	if plain == unnamed && others == 0 {
		plain = 0
	}
	return codings{gzip: zip > 0 && zip >= plain, identity: plain != 0}
}

// negotiate refuses a request that admits none of the media types of the
// answer, or no way to encode it.
func negotiate(header http.Header, offers []string) error {
	if len(offers) == 0 {
		return nil
	}
	if _, ok := acceptable(header, offers...); !ok {
		return newProblem(kindNotAcceptable, "Accept admits no answer; this operation answers with "+strings.Join(offers, " or "))
	}
	if admittedCodings(header["Accept-Encoding"]) == (codings{}) {
		return newProblem(kindNotAcceptable, "Accept-Encoding admits neither gzip nor an answer that is not encoded")
	}
	return nil
}
