package flags

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// width is the width of the help in columns.
const width = 80

// indent is the column of the descriptions.
const indent = 27

// Describe writes the descriptions of the flags: first those without a group, then
// each group under its heading.
func Describe(text *strings.Builder, all []*Flag) {
	text.WriteString("\nFlags:\n")
	Line(text, "-h, --help", "Show this help.")
	groups := []string{""}
	for _, f := range all {
		if !slices.Contains(groups, f.Group) {
			groups = append(groups, f.Group)
		}
	}
	for _, group := range groups {
		if group != "" {
			text.WriteString("\n" + group + ":\n")
		}
		for _, f := range all {
			if f.Group == group && !f.Argument {
				Line(text, f.usage(), f.description())
			}
		}
	}
}

// Line writes a name and its description in wrapped lines.
func Line(text *strings.Builder, name, description string) {
	text.WriteString("  " + name)
	column := 2 + len(name)
	if column > indent-2 {
		text.WriteString("\n")
		column = 0
	}
	text.WriteString(strings.Repeat(" ", indent-column))
	text.WriteString(Wrap(description, indent))
	text.WriteString("\n")
}

// Wrap breaks a text into lines. All lines but the first are indented.
func Wrap(text string, indent int) string {
	var lines strings.Builder
	column := indent
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case column+1+len(word) > width:
			lines.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		default:
			lines.WriteByte(' ')
			column++
		}
		lines.WriteString(word)
		column += len(word)
	}
	return lines.String()
}

// usage returns the flag as it is typed, with a placeholder or the default value.
func (f *Flag) usage() string {
	switch {
	case f.Negatable:
		return "--[no-]" + f.Name
	case f.isSwitch():
		return "--" + f.Name
	case f.placeholder != "" && f.field.Kind() == reflect.Slice:
		return "--" + f.Name + "=" + f.placeholder + ",..."
	case f.placeholder != "":
		return "--" + f.Name + "=" + f.placeholder
	case f.field.Kind() == reflect.String:
		return fmt.Sprintf("--%s=%q", f.Name, f.Default)
	default:
		return "--" + f.Name + "=" + f.Default
	}
}

func (f *Flag) description() string {
	text := f.Help
	if f.placeholder != "" && f.Default != "" {
		text += " (default " + f.Default + ")"
	}
	if f.Variable != "" {
		text += " [$" + f.Variable + "]"
	}
	return text
}
