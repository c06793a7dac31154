package nodetree

import (
	"errors"
	"fmt"
	"strings"
)

type parser struct {
	text string
	at   int
}

// next gives the next word, brackets being words of their own, or "" at the
// end.
func (p *parser) next() string {
	for p.at < len(p.text) && strings.IndexByte(" \n\t", p.text[p.at]) >= 0 {
		p.at++
	}
	start := p.at
	if p.at < len(p.text) && strings.IndexByte("(){}", p.text[p.at]) >= 0 {
		p.at++
		return p.text[start:p.at]
	}
	for p.at < len(p.text) && strings.IndexByte(" \n\t(){}", p.text[p.at]) < 0 {
		if p.text[p.at] == '\\' { // what follows is no separator
			p.at++
		}
		p.at++
	}
	p.at = min(p.at, len(p.text))
	return p.text[start:p.at]
}

func (p *parser) peek() string {
	at := p.at
	word := p.next()
	p.at = at
	return word
}

func (p *parser) value() (Value, error) {
	switch word := p.next(); word {
	case "{":
		return p.node()
	case "(":
		return p.list(")")
	case "<>":
		return nil, nil
	case "", "}", ")":
		return nil, fmt.Errorf("%q in place of a value", word)
	default:
		return unescape(word), nil
	}
}

func (p *parser) list(end string) (List, error) {
	list := List{}
	for p.peek() != end {
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	p.next()
	return list, nil
}

func (p *parser) node() (*Node, error) {
	n := &Node{Tag: tag(p.next()), fields: map[string]Value{}}
	for {
		name := p.next()
		if name == "}" {
			return n, nil
		}
		if !strings.HasPrefix(name, ":") {
			return nil, fmt.Errorf("%q in place of a field's name", name)
		}
		v, err := p.field()
		if err != nil {
			return nil, err
		}
		if v != nil {
			n.fields[name[1:]] = v
		}
	}
}

// field reads a value; that of a constant is its length and its bytes, as in
// "4 [ 1 0 0 0 ]", of which the length is left out.
func (p *parser) field() (Value, error) {
	v, err := p.value()
	if err != nil || p.peek() != "[" {
		return v, err
	}
	if _, ok := v.(Atom); !ok {
		return nil, errors.New("bytes without their length")
	}
	p.next()
	return p.list("]")
}
