// Package nodetree reads PostgreSQL's text form of node trees (pg_node_tree),
// in which the catalogs keep analysed queries.
package nodetree

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Node is one node, like a Query or a Var.
type Node struct {
	Tag    string           // as PostgreSQL 15 and later write it
	fields map[string]Value // absent where the server wrote "<>"
}

// Value is a field's or a list's element: a *Node, a List, or an Atom.
type Value any

// List is a list of nodes or atoms. Lists of numbers begin with an atom that
// is their kind: "i", "o", "b".
type List []Value

// Atom is a number, a name or a word.
type Atom string

// Field gives a field's value, or nil.
func (n *Node) Field(name string) Value { return n.fields[name] }

// Node gives a field that is a node, or nil.
func (n *Node) Node(name string) *Node { m, _ := n.fields[name].(*Node); return m }

// List gives a field that is a list; an absent one is empty.
func (n *Node) List(name string) List { l, _ := n.fields[name].(List); return l }

// Text gives a field that is a name or a word.
func (n *Node) Text(name string) string { a, _ := n.fields[name].(Atom); return string(a) }

// Int gives a field that is a number; an absent one is 0.
func (n *Node) Int(name string) int { i, _ := strconv.Atoi(n.Text(name)); return i }

// OID gives a field that is an object's identifier; an absent one is 0.
func (n *Node) OID(name string) uint32 {
	o, _ := strconv.ParseUint(n.Text(name), 10, 32)
	return uint32(o)
}

// Bool gives a field that is a truth value.
func (n *Node) Bool(name string) bool { return n.Text(name) == "true" }

// Nodes gives the nodes in a list.
func (l List) Nodes() []*Node {
	var nodes []*Node
	for _, v := range l {
		if n, ok := v.(*Node); ok {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// Ints gives the numbers in a list.
func (l List) Ints() []int {
	var numbers []int
	for _, v := range l {
		if a, ok := v.(Atom); ok {
			if i, err := strconv.Atoi(string(a)); err == nil {
				numbers = append(numbers, i)
			}
		}
	}
	return numbers
}

// Bytes gives a constant's value: its bytes as the server stores them.
func (n *Node) Bytes(name string) []byte {
	var bytes []byte
	for _, i := range n.List(name).Ints() {
		bytes = append(bytes, byte(i&0xff)) // they are written as signed numbers
	}
	return bytes
}

// unequal are the fields that don't matter to whether two expressions are the
// same.
var unequal = []string{"location", "list_start", "list_end", "varnosyn", "varattnosyn"}

// Equal reports whether two expressions are the same but for their place in the
// text.
func Equal(a, b Value) bool {
	switch a := a.(type) {
	case *Node:
		b, ok := b.(*Node)
		if !ok || a.Tag != b.Tag || len(a.fields) != len(b.fields) {
			return false
		}
		for name, v := range a.fields {
			if !slices.Contains(unequal, name) && !Equal(v, b.fields[name]) {
				return false
			}
		}
		return true
	case List:
		b, ok := b.(List)
		return ok && slices.EqualFunc(a, b, Equal)
	default:
		return a == b
	}
}

// All visits a value and all nodes in it, the outer ones first.
func All(v Value, visit func(*Node)) {
	switch v := v.(type) {
	case *Node:
		visit(v)
		for _, f := range v.fields {
			All(f, visit)
		}
	case List:
		for _, e := range v {
			All(e, visit)
		}
	}
}

// Parse reads a node tree.
func Parse(text string) (Value, error) {
	p := parser{text: text}
	v, err := p.value()
	if err == nil && p.next() != "" {
		err = fmt.Errorf("something follows")
	}
	if err != nil {
		return nil, fmt.Errorf("node tree, at byte %d of %d: %w", p.at, len(text), err)
	}
	return v, nil
}

// renamed are the tags that PostgreSQL 14 writes otherwise.
var renamed = map[string]string{
	"ARRAY": "ARRAYEXPR", "CASE": "CASEEXPR", "COALESCE": "COALESCEEXPR", "COLLATE": "COLLATEEXPR",
	"MINMAX": "MINMAXEXPR", "ROW": "ROWEXPR", "ROWCOMPARE": "ROWCOMPAREEXPR", "RTE": "RANGETBLENTRY",
	"WHEN": "CASEWHEN",
}

func tag(word string) string {
	if later, ok := renamed[word]; ok {
		return later
	}
	return word
}

// unescape takes the backslashes and the quotes off a word.
func unescape(word string) Atom {
	if len(word) > 1 && word[0] == '"' {
		word = strings.TrimSuffix(word[1:], `"`)
	}
	if !strings.Contains(word, `\`) {
		return Atom(word)
	}
	var b strings.Builder
	for i := 0; i < len(word); i++ {
		if word[i] == '\\' && i+1 < len(word) {
			i++
		}
		b.WriteByte(word[i])
	}
	return Atom(b.String())
}
