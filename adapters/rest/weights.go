package rest

import (
	"iter"
	"strings"
)

// fullWeight is what a quality of 1 is counted as; 0 is a refusal.
const fullWeight = 1000

// choice is an entry of a header by which a client weighs what it would have,
// as Accept and Accept-Encoding are (RFC 9110, section 12.4.2).
type choice struct {
	// name is what is weighed, params what follows it, up to its weight.
	name, params string
	weight       int
}

// choices reads the values of such a header. A weight that can't be read is a
// full one: the client named what it would have.
func choices(values []string) iter.Seq[choice] {
	return func(yield func(choice) bool) {
		for _, value := range values {
			for value != "" {
				var entry string
				if entry, value = cutUnquoted(value, ','); strings.Trim(entry, " \t") != "" && !yield(readChoice(entry)) {
					return
				}
			}
		}
	}
}

func readChoice(entry string) choice {
	name, rest := cutUnquoted(entry, ';')
	found := choice{name: strings.Trim(name, " \t"), params: rest, weight: fullWeight}
	for left := rest; left != ""; {
		var param string
		at := len(rest) - len(left)
		param, left = cutUnquoted(left, ';')
		name, value, _ := strings.Cut(param, "=")
		if strings.EqualFold(strings.Trim(name, " \t"), "q") {
			found.params, found.weight = rest[:at], readWeight(strings.Trim(value, " \t"))
			break
		}
	}
	return found
}

// readWeight reads a quality, "0.5". What is above 0 stays so, however small.
func readWeight(text string) int {
	whole, fraction, _ := strings.Cut(text, ".")
	if whole != "0" && whole != "" || whole+fraction == "" {
		return fullWeight
	}
	weight, unit, rest := 0, fullWeight, false
	for i := range len(fraction) {
		c := fraction[i]
		if c < '0' || c > '9' {
			return fullWeight
		}
		unit /= 10
		weight += int(c-'0') * unit
		rest = rest || c != '0'
	}
	if weight == 0 && rest {
		return 1
	}
	return weight
}

// cutUnquoted cuts text around the first separator that is not in a quoted
// string.
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
