package released

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
)

// refusal is the finding of a text that the server refuses: it names the table
// or the column that the release had, or one whose type changed.
func (c *checker) refusal(s Statement, refused *describe.Error) Finding {
	f := Finding{Problem: "PostgreSQL refuses it: " + refused.Cause.Message, Fix: keepObject}
	switch refused.Kind {
	case describe.UndefinedColumn:
		f.Column = refused.Name[strings.LastIndex(refused.Name, ".")+1:]
		for _, r := range refused.Relations {
			if _, had := c.before.column(r.Name, f.Column); had && !slices.Contains(r.Columns, f.Column) {
				f.Table = r.Name
				f.Problem, f.Fix = fmt.Sprintf("it uses %s.%s, which does not exist", f.Table, f.Column), keepColumn
			}
		}
	case describe.UndefinedTable:
		f.Table = refused.Name
		f.Problem, f.Fix = fmt.Sprintf("it uses %s, which does not exist", f.Table), keepColumn
	default:
		if table, column, was, is, ok := c.retypedIn(s.Text); ok {
			f.Table, f.Column, f.Fix = table, column, keepType
			f.Problem = fmt.Sprintf("%s; %s.%s was %s and is %s", f.Problem, table, column, was, is)
		}
	}
	return f
}

// retypedIn finds a column whose type changed and that a text names, with its
// table.
func (c *checker) retypedIn(text string) (table, column, was, is string, ok bool) {
	for _, t := range c.before {
		if !hasWord(text, t.Name[strings.Index(t.Name, ".")+1:]) {
			continue
		}
		for _, old := range t.Columns {
			now, still := c.now.column(t.Name, old.Name)
			if still && now.Type != old.Type && hasWord(text, old.Name) {
				return t.Name, old.Name, old.Type, now.Type, true
			}
		}
	}
	return "", "", "", "", false
}

func hasWord(text, word string) bool {
	return regexp.MustCompile(`\b` + regexp.QuoteMeta(word) + `\b`).MatchString(text)
}

// columns compares the columns that a text depends on with those of the
// release.
func (c *checker) columns(used []describe.Place) (found []Finding, retyped []describe.Place) {
	for _, p := range used {
		before, had := c.before.column(p.Table, p.Column)
		now, has := c.now.column(p.Table, p.Column)
		if !had || !has {
			continue // not of a table of the release
		}
		f := Finding{Table: p.Table, Column: p.Column}
		if !holds(now.Type, before.Type) {
			f.Problem = fmt.Sprintf("it uses %s.%s, which was %s and is %s", p.Table, p.Column, before.Type, now.Type)
			f.Fix = keepType
			found, retyped = append(found, f), append(retyped, p)
		}
		if now.NotNull && !before.NotNull {
			f.Problem = fmt.Sprintf("it uses %s.%s, which now refuses NULL", p.Table, p.Column)
			f.Fix = keepNull
			found = append(found, f)
		}
	}
	return found, retyped
}

var typeLimit = regexp.MustCompile(`^([^(]+)\((\d+)\)(.*)$`)

// holds reports whether a type is the former one, or the former one with a
// larger limit or none, as character varying is to character varying(20).
func holds(now, before string) bool {
	was := typeLimit.FindStringSubmatch(before)
	if now == before || was == nil || !strings.HasPrefix(before, "character varying") {
		return now == before
	}
	if now == was[1]+was[3] {
		return true
	}
	is := typeLimit.FindStringSubmatch(now)
	if is == nil || is[1] != was[1] || is[3] != was[3] {
		return false
	}
	limit, err := strconv.Atoi(is[2])
	former, errBefore := strconv.Atoi(was[2])
	return err == nil && errBefore == nil && limit >= former
}

// leftOut finds columns that refuse NULL, that nothing fills and that an INSERT
// leaves out, unless the release had them like that.
func (c *checker) leftOut(inserts []describe.Insert) (found []Finding) {
	for _, i := range inserts {
		table, _ := c.now.table(i.Table)
		for _, now := range table.Columns {
			before, had := c.before.column(i.Table, now.Name)
			unchanged := had && before.NotNull && !before.Filled
			if !now.NotNull || now.Filled || unchanged || slices.Contains(i.Columns, now.Name) {
				continue
			}
			is := "which is new, refuses NULL and has no default"
			if had {
				is = "which now refuses NULL without a default"
			}
			found = append(found, Finding{
				Table: i.Table, Column: now.Name, Fix: addDefault,
				Problem: fmt.Sprintf("its INSERT leaves out %s.%s, %s", i.Table, now.Name, is),
			})
		}
	}
	return found
}

// params compares the types of the parameters.
func (c *checker) params(before []Arg, now []describe.Param) (found []Finding) {
	if len(before) != len(now) {
		return []Finding{{Problem: fmt.Sprintf("it has %d parameters and had %d", len(now), len(before)), Fix: keepObject}}
	}
	for i, p := range now {
		if was := before[i]; was.Postgres != p.Type.Name {
			found = append(found, Finding{
				Fix:     keepObject,
				Problem: fmt.Sprintf("its parameter $%d, %s, was %s and is %s", i+1, was.Field, was.Postgres, p.Type.Name),
			})
		}
	}
	return found
}

// results compares the result columns. What comes from a column of another type
// is a finding already.
func (c *checker) results(before []Result, now []describe.Column, retyped []describe.Place) (found []Finding) {
	for _, was := range before {
		i := slices.IndexFunc(now, func(n describe.Column) bool { return n.Name == was.Column })
		if i < 0 {
			found = append(found, Finding{Problem: fmt.Sprintf("its result has no column %q", was.Column), Fix: keepObject})
			continue
		}
		is := now[i]
		f := Finding{Table: is.Table, Column: is.Origin}
		if is.Type.Name != was.Postgres && !slices.Contains(retyped, describe.Place{Table: is.Table, Column: is.Origin}) {
			f.Problem = fmt.Sprintf("its result %q was %s and is %s", was.Column, was.Postgres, is.Type.Name)
			f.Fix = keepType
			found = append(found, f)
		}
		if is.Nullable() && !was.Nullable && !holdsNull(was.Go) {
			f.Problem = fmt.Sprintf("its result %q was never NULL and can be now (%s)", was.Column, is.Null)
			f.Fix = keepNotNull
			found = append(found, f)
		}
	}
	return found
}

// named finds tables and columns of the release that a utility statement names
// and that are gone: the server looks at such a statement when it is run.
func (c *checker) named(text string) (found []Finding) {
	for _, t := range c.before {
		if !hasWord(text, t.Name) {
			continue
		}
		if _, still := c.now.table(t.Name); !still {
			found = append(found, Finding{
				Table: t.Name, Problem: fmt.Sprintf("it uses %s, which does not exist", t.Name), Fix: keepColumn,
			})
			continue
		}
		for _, column := range t.Columns {
			full := t.Name + "." + column.Name
			if _, still := c.now.column(t.Name, column.Name); !still && hasWord(text, full) {
				found = append(found, Finding{
					Table: t.Name, Column: column.Name, Problem: fmt.Sprintf("it uses %s, which does not exist", full), Fix: keepColumn,
				})
			}
		}
	}
	return found
}

const noConflictTarget = "42P10"

// unplanned is the finding of a text that the server can't plan.
func (c *checker) unplanned(err error) ([]Finding, error) {
	refused := (*pgconn.PgError)(nil)
	if !errors.As(err, &refused) {
		return nil, err
	}
	f := Finding{Problem: "PostgreSQL can't plan it: " + refused.Message, Fix: keepObject}
	if refused.Code == noConflictTarget {
		f.Fix = keepUnique
	}
	return []Finding{f}, nil
}
