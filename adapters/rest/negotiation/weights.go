package negotiation

import (
	"iter"
	"strings"
)

// fullWeight is the weight of a quality of 1. A weight of 0 is a refusal.
const fullWeight = 1000

// entry is an entry of a header with qualities, as Accept and Accept-Encoding
// are (RFC 9110, section 12.4.2).
type entry struct {
	// name is what the client names, params its parameters before the quality.
	name, params string
	weight       int
}

// entries reads the values of such a header. A quality that can't be read
// counts as 1, since the client named the entry.
func entries(values []string) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		for _, value := range values {
			for value != "" {
				var text string
				if text, value = cutUnquoted(value, ','); strings.Trim(text, " \t") != "" && !yield(readEntry(text)) {
					return
				}
			}
		}
	}
}

func readEntry(text string) entry {
	name, params := cutUnquoted(text, ';')
	found := entry{name: strings.Trim(name, " \t"), params: params, weight: fullWeight}
	for left := params; left != ""; {
		var param string
		at := len(params) - len(left)
		param, left = cutUnquoted(left, ';')
		name, value, _ := strings.Cut(param, "=")
		if strings.EqualFold(strings.Trim(name, " \t"), "q") {
			found.params, found.weight = params[:at], readQuality(strings.Trim(value, " \t"))
			break
		}
	}
	return found
}

// readQuality reads a quality such as "0.5". One above 0 becomes at least 1.
func readQuality(text string) int {
	whole, fraction, _ := strings.Cut(text, ".")
	if whole != "0" && whole != "" || whole+fraction == "" {
		return fullWeight
	}
	weight, unit, positive := 0, fullWeight, false
	for i := range len(fraction) {
		c := fraction[i]
		if c < '0' || c > '9' {
			return fullWeight
		}
		unit /= 10
		weight += int(c-'0') * unit
		positive = positive || c != '0'
	}
	if weight == 0 && positive {
		return 1
	}
	return weight
}

// cutUnquoted cuts text around the first separator outside a quoted string.
func cutUnquoted(text string, separator byte) (before, after string) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == separator && !quoted:
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}
