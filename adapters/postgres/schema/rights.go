package schema

import (
	"slices"
	"strings"
)

// optional are rights without which requests are answered all the same.
var optional = map[string]string{
	"UPDATE (organization_id) ON roster.engagement_organizations":               "deletions and events are written one by one",
	"EXECUTE ON FUNCTION roster.drop_event_partition(timestamp with time zone)": "ROSTER_EVENTS_KEEP can't drop months",
}

// rights finds the rights that the role needs and lacks.
func (c *comparison) rights() {
	if !c.live.Usage {
		c.lacks("schema roster", "USAGE ON SCHEMA roster")
	}
	for i := range c.want.Tables {
		w := &c.want.Tables[i]
		l := c.table(w.Name)
		if l == nil {
			continue
		}
		if missing := without(w.Rights, l.Rights); len(missing) > 0 {
			c.lacks(tableObject(w), strings.Join(missing, ", ")+" ON "+qualified(w.Name))
		}
		for j := range w.Columns {
			column := &w.Columns[j]
			other := find(l.Columns, column.Name)
			if other == nil {
				continue
			}
			for _, right := range without(without(column.Rights, l.Rights), other.Rights) {
				c.lacks(columnObject(w, column), right+" ("+quote(column.Name)+") ON "+qualified(w.Name))
			}
		}
	}
	for i := range c.want.Functions {
		w := &c.want.Functions[i]
		if l := c.function(w); l != nil && w.Callable && !l.Callable {
			c.lacks(functionObject(w), "EXECUTE ON "+routine(w)+" "+qualified(w.Name)+"("+w.Arguments+")")
		}
	}
}

func (c *comparison) lacks(object, right string) {
	verb, _, _ := strings.Cut(right, " ON ")
	severity, problem := Fails, "can't be used by the role "+c.live.Role+", which lacks "+verb
	if effect := optional[right]; effect != "" {
		severity, problem = Warning, problem+": "+effect
	}
	c.add(severity, object, problem, "GRANT "+right+" TO "+quote(c.live.Role)+";")
}

func without(wanted, had []string) []string {
	return slices.DeleteFunc(slices.Clone(wanted), func(right string) bool { return slices.Contains(had, right) })
}

// grantsOf are the grants of a table that is made again.
func (c *comparison) grantsOf(w *Table) []string {
	if c.live.Owns {
		return nil
	}
	var fix []string
	if len(w.Rights) > 0 {
		fix = append(fix, "GRANT "+strings.Join(w.Rights, ", ")+" ON "+qualified(w.Name)+" TO "+quote(c.live.Role)+";")
	}
	for _, column := range w.Columns {
		for _, right := range column.Rights {
			fix = append(fix, "GRANT "+right+" ("+quote(column.Name)+") ON "+qualified(w.Name)+" TO "+quote(c.live.Role)+";")
		}
	}
	return fix
}

// grantOf is the grant of a function that is made again. Anybody may call a new
// function, unless that is revoked.
func (c *comparison) grantOf(w *Function) []string {
	name := routine(w) + " " + qualified(w.Name) + "(" + w.Arguments + ")"
	fix := []string{"REVOKE ALL ON " + name + " FROM PUBLIC;"}
	if w.Callable && !c.live.Owns {
		fix = append(fix, "GRANT EXECUTE ON "+name+" TO "+quote(c.live.Role)+";")
	}
	return fix
}
