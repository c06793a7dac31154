package sqltext

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	numbered  = regexp.MustCompile(`\$[0-9]`)
	parameter = regexp.MustCompile(`^@[A-Za-z_][0-9A-Za-z_]*`)
)

// Parameters is Named for a text whose parameters may be numbered already.
func Parameters(text string) (sent string, names []string, err error) {
	if numbered.MatchString(Code(text)) {
		return text, nil, nil
	}
	return Named(text)
}

// Named numbers the parameters of a text: each @name becomes the $n of its place
// among the names, which a name that comes again keeps.
func Named(text string) (sent string, names []string, err error) {
	if numbered.MatchString(Code(text)) {
		return "", nil, errors.New("a numbered placeholder: name it, as in @id")
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		if n := opaque(text, i); n > 0 {
			b.WriteString(text[i : i+n])
			i += n
			continue
		}
		name := parameter.FindString(text[i:])
		if name == "" {
			b.WriteByte(text[i])
			i++
			continue
		}
		if before := text[:i]; strings.HasSuffix(before, "<") || strings.HasSuffix(before, "@") || strings.HasSuffix(before, "@-") {
			operator := before[len(before)-1:] + "@"
			return "", nil, fmt.Errorf("%q may be the operator %s or a parameter: write a space before %s, or behind the operator",
				operator+name[1:], operator, name)
		}
		at := slices.Index(names, name[1:])
		if at < 0 {
			at = len(names)
			names = append(names, name[1:])
		}
		fmt.Fprintf(&b, "$%d", at+1)
		i += len(name)
	}
	return b.String(), names, nil
}
