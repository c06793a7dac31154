package schema

import (
	"regexp"
	"strings"
)

var (
	plainName = regexp.MustCompile(`^[a-z_][a-z0-9_$]*$`)
	// reserved are the words of PostgreSQL that are no names without quotes.
	reserved = regexp.MustCompile(`^(all|analy[sz]e|and|any|array|as|asc|asymmetric|authorization|binary|both|case|cast|check|collate|` +
		`collation|column|concurrently|constraint|create|cross|current_\w+|default|deferrable|desc|distinct|do|else|end|except|false|fetch|` +
		`for|foreign|freeze|from|full|grant|group|having|ilike|in|initially|inner|intersect|into|is|isnull|join|lateral|leading|left|like|` +
		`limit|localtime|localtimestamp|natural|not|notnull|null|offset|on|only|or|order|outer|overlaps|placing|primary|references|` +
		`returning|right|select|session_user|similar|some|symmetric|system_user|table|tablesample|then|to|trailing|true|union|unique|user|` +
		`using|variadic|verbose|when|where|window|with)$`)
)

// quote is a name as a statement has it: in quotes if it needs them.
func quote(name string) string {
	if plainName.MatchString(name) && !reserved.MatchString(name) {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// qualified is the name of an object in the schema.
func qualified(name string) string { return "roster." + quote(name) }

func createTable(t *Table) string {
	columns := make([]string, len(t.Columns))
	for i := range t.Columns {
		columns[i] = columnText(&t.Columns[i])
	}
	text := "CREATE TABLE "
	if t.Unlogged {
		text = "CREATE UNLOGGED TABLE "
	}
	text += qualified(t.Name) + " (" + strings.Join(columns, ", ") + ")"
	if t.PartitionBy != "" {
		text += " PARTITION BY " + t.PartitionBy
	}
	return text + ";"
}

// columnText is a column in CREATE TABLE or ADD COLUMN.
func columnText(c *Column) string {
	text := quote(c.Name) + " " + typeText(c)
	switch {
	case c.Generated != "":
		text += " GENERATED ALWAYS AS (" + c.Default + ") STORED"
	case c.Identity != "":
		text += " GENERATED " + identityText(c) + " AS IDENTITY"
	case c.Default != "":
		text += " DEFAULT " + c.Default
	}
	if c.NotNull {
		text += " NOT NULL"
	}
	return text
}

func typeText(c *Column) string {
	if c.Collation != "" {
		return c.Type + " COLLATE " + c.Collation
	}
	return c.Type
}

func identityText(c *Column) string {
	if c.Identity == "a" {
		return "ALWAYS"
	}
	return "BY DEFAULT"
}
