package schema

import (
	"strings"
	"time"
)

// months finds months of events that were detached or renamed by hand. Roster makes a month
// where its name is free, and would else neither find these nor make others.
func (c *comparison) months() {
	for _, m := range c.live.Months {
		table := qualified(m.Name)
		object, name := "partition "+table, "events_"+strings.ReplaceAll(m.Month, "-", "_")
		attach := "ALTER TABLE roster.events ATTACH PARTITION " + table + " FOR VALUES " + m.bounds() + ";"
		const effect = ", so that its events are not shown, and events of the month can't be added"
		severity := Fails
		if m.Past { // it may have been put away on purpose
			severity = Warning
		}
		switch {
		case m.Leaving:
			c.add(severity, object, "is being detached"+effect, "ALTER TABLE roster.events DETACH PARTITION "+table+" FINALIZE;", attach)
		case m.Detached:
			c.add(severity, object, "is detached"+effect, attach)
		default:
			c.add(severity, object, "has the events of "+m.Month+" and not the name "+name+", so that Roster tries to make the month again",
				"ALTER TABLE "+table+" RENAME TO "+quote(name)+";")
		}
	}
}

// bounds are the times of the month.
func (m *Month) bounds() string {
	const format = "2006-01-02 15:04:05+00"
	first, err := time.Parse("2006-01", m.Month)
	if err != nil {
		return "" // the statement that reads months writes them so
	}
	return "FROM ('" + first.Format(format) + "') TO ('" + first.AddDate(0, 1, 0).Format(format) + "')"
}
