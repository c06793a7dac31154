package flags

import (
	"fmt"
	"io"
	"reflect"
	"strings"
)

// width is that of the help, in columns.
const width = 80

// indent is where the meaning of a flag begins.
const indent = 27

// Describe writes what the flags mean, under the headings of their groups.
func Describe(w io.Writer, all []*Flag) error {
	var text strings.Builder
	text.WriteString("\nFlags:\n")
	Line(&text, "-h, --help", "Show this help.")
	group := ""
	for _, f := range all {
		if f.Argument {
			continue
		}
		if f.Group != group {
			group = f.Group
			fmt.Fprintf(&text, "\n%s:\n", group)
		}
		Line(&text, f.form(), f.meaning())
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// Line writes a name and what it means, wrapped.
func Line(text *strings.Builder, name, meaning string) {
	text.WriteString("  " + name)
	column := 2 + len(name)
	if column > indent-2 {
		text.WriteString("\n")
		column = 0
	}
	text.WriteString(strings.Repeat(" ", indent-column))
	text.WriteString(Wrap(meaning, indent))
	text.WriteString("\n")
}

// Wrap breaks a text into lines, all but the first indented.
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

// form is how the flag is typed.
func (f *Flag) form() string {
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

func (f *Flag) meaning() string {
	if f.Variable == "" {
		return f.Help
	}
	return fmt.Sprintf("%s [$%s]", f.Help, f.Variable)
}
