// Package texts joins texts of what isn't constant.
package texts

import (
	"fmt"
	"strconv"
	"strings"

	sq "github.com/Masterminds/squirrel"
)

type params struct {
	Name, Sort string
	Max        uint64
}

func plus(p params) sq.Sqlizer {
	return sq.Select("id").From("users").
		Where("name = '"+p.Name+"'").  // want `a text joined with p.Name: hand it over as an argument`
		Where(sq.Eq{"a" + p.Sort: 1}). // want `joined with p.Sort`
		OrderBy("id", "a "+p.Sort)     // want `joined with p.Sort`
}

func quoted(name string) sq.Sqlizer {
	return sq.Expr("SELECT '" +
		name + "'")
}

func value(p params) sq.Sqlizer {
	return quoted(
		p.Name) // want `with p.Name: hand it over as an argument, as in Where\("a = \?", p.A\), or choose between constant texts`
}

func formatted(p params) sq.Sqlizer {
	return sq.Expr(fmt.Sprintf("SELECT %s", p.Name)) // want `joined with p.Name`
}

func replaced(p params) sq.Sqlizer {
	return sq.Select().Column(strings.ReplaceAll("a = x", "x", p.Name)) // want `joined with p.Name`
}

func stepwise(p params) sq.Sqlizer {
	text := "SELECT 1"
	if p.Max > 0 {
		text += " WHERE a = " + strconv.Itoa(int(p.Max)) // want `joined with int\(p.Max\)|joined with p.Max`
	}
	return sq.Expr(text)
}

func written(p params) sq.Sqlizer {
	var b strings.Builder
	b.WriteString(p.Name)
	return sq.Expr(b.String()) // want `joined with b.String\(\)`
}

func limited(p params) sq.Sqlizer {
	limit := sq.Select().Limit // want `Limit writes the number into the text`
	limit(1)
	return sq.Select("id").From("users").
		Limit(p.Max).                           // want `Limit writes the number into the text, one text a number: use Suffix\("LIMIT \?", n\)`
		Offset(p.Max).                          // want `Offset writes the number`
		Suffix(fmt.Sprintf("LIMIT %d", p.Max)). // want `LIMIT or OFFSET with p.Max joined into the text: use Suffix\("LIMIT \?", n\)`
		Suffix("OFFSET " + fmt.Sprint(p.Max))   // want `LIMIT or OFFSET with p.Max joined`
}

func sorted(b sq.SelectBuilder, by string) sq.SelectBuilder { return b.OrderBy("lower(" + by + ")") }

func passed(b sq.SelectBuilder, by string) sq.SelectBuilder { return sorted(b, by) }

func order(by string) string { return "a " + by }

func top(n int) string { return fmt.Sprintf("a < %d", n) }

func calling(p params) sq.Sqlizer {
	b := sorted(sq.Select("id"), p.Sort) // want `joined with p.Sort`
	b = passed(b, p.Sort)                // want `joined with p.Sort`
	b = b.OrderBy(order(p.Sort))         // want `joined with p.Sort` `joined with p.Sort`
	return b.Where(top(len(p.Name)))     // want `joined with p.Name` `joined with p.Name`
}
