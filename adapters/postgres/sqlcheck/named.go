package sqlcheck

import (
	"fmt"
	"slices"
	"strings"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/sqltext"
)

// Text defines a query by its text, and registers it. The parameters are written
// @name, of the field of P with that db tag, or with that name without regard to case
// and underscores:
//
//	type orderKey struct{ CustomerID [16]byte; Number int32 }
//
//	var orderOne = sqlcheck.Text[orderKey, Order]("orders.one", `
//		SELECT id, total FROM shop.orders WHERE customer_id = @customer_id AND number = @number`)
//
// The text may come from a file by go:embed. It is sent with $1, $2, … for the names.
// Text is for package-level variables, and panics as New does. Def has a field Text
// for a text that needs more, such as an exception for its plan.
func Text[P, R any](name, text string) *Query[P, R] {
	q := newQuery(&Def[P, R]{Name: name, Text: text}, caller())
	register("query", name, q.place, q.definition)
	return q
}

// newTextVariant is the only variant of a query that is defined by its text.
func newTextVariant(ps *params, text string) (*variant, error) {
	if len(ps.choices) > 0 {
		return nil, fmt.Errorf("field %s of %v chooses between texts, and Text is one: make an Opt a pointer, "+
			"as in \"@x::text IS NULL OR a = @x\", or write Build", ps.choices[0].name, ps.typ)
	}
	sent, names, err := sqltext.Named(text)
	if err == nil && star.MatchString(sqltext.Code(sent)) {
		err = errStar
	}
	if err != nil {
		return nil, fmt.Errorf("%w in %q", err, text)
	}
	v := &variant{text: sent}
	for _, name := range names {
		p, err := ps.named(name)
		if err != nil {
			return nil, err
		}
		v.args = append(v.args, p)
	}
	return v, nil
}

// named is the field of a parameter.
func (ps *params) named(name string) (*param, error) {
	fields := func(has func(*param) bool) (found []*param) {
		for _, p := range ps.args {
			if has(p) {
				found = append(found, p)
			}
		}
		return found
	}
	found := fields(func(p *param) bool { return p.tag == name })
	if len(found) == 0 {
		found = fields(func(p *param) bool { return p.tag == "" && folded(p.name) == folded(name) })
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, fmt.Errorf("parameter @%s is no field of %v, which has %s", name, ps.typ, ps.names())
	}
	return nil, fmt.Errorf("parameter @%s could be %s or %s of %v: give one a tag db:\"name\"", name, found[0].name, found[1].name, ps.typ)
}

// names lists the fields as parameters.
func (ps *params) names() string {
	var names []string
	for _, p := range ps.args {
		if p.tag != "" {
			names = append(names, "@"+p.tag)
		} else {
			names = append(names, "@"+p.name)
		}
	}
	if len(names) == 0 {
		return "none"
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// folded is a name without case and underscores.
func folded(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }
