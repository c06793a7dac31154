package schema

import (
	"regexp"
	"slices"
	"strings"
)

// tidy takes out of the definitions what has a field of its own, or says nothing.
func (c *Catalogue) tidy() {
	for i := range c.Tables {
		t := &c.Tables[i]
		for j := range t.Constraints {
			k := &t.Constraints[j]
			k.Definition = strings.TrimSuffix(strings.TrimSuffix(k.Definition, " NOT VALID"), " NOT ENFORCED")
		}
		for j := range t.Indexes {
			// Partitions have the index, too.
			t.Indexes[j].Definition = strings.Replace(t.Indexes[j].Definition, " ON ONLY ", " ON ", 1)
		}
	}
	for i := range c.Functions {
		slices.Sort(c.Functions[i].Settings)
	}
}

// same is whether two definitions mean the same.
func same(a, b string) bool { return a == b || canonical(a) == canonical(b) }

var tokens = regexp.MustCompile(`'(?:[^']|'')*'|"(?:[^"]|"")*"|[\w$]+|\s+|.`)

// group is text in parentheses, or the whole text.
type group struct {
	parts []part
}

// part is a token or a group.
type part struct {
	token string
	inner *group // nil for a token
}

// canonical is a definition without parentheses that change nothing: those around
// another pair or around everything, and those of an AND in an AND or an OR in an OR.
func canonical(definition string) string {
	var open []*group
	now := &group{}
	for _, token := range tokens.FindAllString(definition, -1) {
		switch {
		case token == "(":
			open, now = append(open, now), &group{}
		case token == ")" && len(open) > 0:
			outer := open[len(open)-1]
			outer.parts = append(outer.parts, part{inner: now})
			open, now = open[:len(open)-1], outer
		case strings.TrimSpace(token) != "":
			now.parts = append(now.parts, part{token: token})
		}
	}
	var b strings.Builder
	now.flat().write(&b)
	return b.String()
}

// flat removes parentheses from the inside out.
func (g *group) flat() *group {
	var parts []part
	for i, p := range g.parts {
		if p.inner == nil {
			parts = append(parts, p)
			continue
		}
		inner := p.inner.flat()
		if len(inner.parts) == 1 && inner.parts[0].inner != nil {
			inner = inner.parts[0].inner // ((…))
		}
		word := inner.connective()
		if word != "" && word == g.connective() && g.operand(i) {
			parts = append(parts, inner.parts...)
			continue
		}
		parts = append(parts, part{inner: inner})
	}
	return &group{parts}
}

// connective is AND or OR if it is the only one of the two between the parts.
func (g *group) connective() string {
	found := ""
	for _, p := range g.parts {
		if p.token != "AND" && p.token != "OR" {
			continue
		}
		if found != "" && found != p.token {
			return ""
		}
		found = p.token
	}
	return found
}

// operand is whether a part stands alone between connectives.
func (g *group) operand(i int) bool {
	edge := func(i int) bool {
		return i < 0 || i == len(g.parts) || g.parts[i].token == "AND" || g.parts[i].token == "OR"
	}
	return edge(i-1) && edge(i+1)
}

func (g *group) write(b *strings.Builder) {
	for _, p := range g.parts {
		if p.inner == nil {
			b.WriteString(p.token + " ")
			continue
		}
		b.WriteString("( ")
		p.inner.write(b)
		b.WriteString(") ")
	}
}
