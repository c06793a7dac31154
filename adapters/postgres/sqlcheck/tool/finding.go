package tool

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Finding is something wrong, at a place.
type Finding struct {
	File     string `json:"file"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Query    string `json:"query,omitempty"`
	Variants int    `json:"variants,omitempty"` // of the query: how many have it
	Of       int    `json:"of,omitempty"`       // how many variants the query has
	Problem  string `json:"problem"`
	Cause    string `json:"cause,omitempty"` // the likely one, as a question
	Fix      string `json:"fix,omitempty"`
}

// String is the finding in one line, as compilers write theirs.
func (f Finding) String() string { return f.place() + ": " + f.text() }

// place is what an editor jumps to.
func (f Finding) place() string {
	if f.Line == 0 {
		return f.File
	}
	if f.Column > 0 {
		return fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)
	}
	return fmt.Sprintf("%s:%d", f.File, f.Line)
}

// text is all but the place.
func (f Finding) text() string {
	var b strings.Builder
	if f.Query != "" {
		fmt.Fprintf(&b, "query %q", f.Query)
		if f.Of > 0 {
			fmt.Fprintf(&b, " (%d of %d variants)", f.Variants, f.Of)
		}
		b.WriteString(": ")
	}
	return b.String() + f.summary()
}

// summary is the problem with its cause and its fix.
func (f Finding) summary() string {
	text := f.Problem
	if f.Cause != "" {
		text += "; " + f.Cause
	}
	if f.Fix != "" {
		text += ": " + f.Fix
	}
	return text
}

// annotation is the finding as GitHub Actions shows it beside the line of the file,
// whose path is from the folder of the repository.
func (f Finding) annotation(workspace string) string {
	file := f.File
	if absolute, err := filepath.Abs(file); err == nil && workspace != "" {
		if relative, err := filepath.Rel(workspace, absolute); err == nil {
			file = filepath.ToSlash(relative)
		}
	}
	place := "file=" + escapeProperty.Replace(file)
	if f.Line > 0 {
		place += fmt.Sprintf(",line=%d", f.Line)
	}
	if f.Column > 0 {
		place += fmt.Sprintf(",col=%d", f.Column)
	}
	return "::error " + place + "::" + escapeText.Replace(f.text())
}

var (
	escapeText     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	escapeProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

type printer struct {
	out, errs io.Writer
	json      bool
	github    bool // annotations of GitHub Actions
	coloured  bool
}

const (
	bold   = "\x1b[1m"
	red    = "\x1b[31m"
	normal = "\x1b[0m"
)

// print prints findings. The error is errFindings if there are some.
func (p printer) print(found []Finding) error {
	for _, f := range found {
		if err := p.one(f); err != nil {
			return err
		}
	}
	if len(found) > 0 {
		return errFindings
	}
	return nil
}

func (p printer) one(f Finding) error {
	if p.json {
		e := json.NewEncoder(p.out)
		e.SetEscapeHTML(false)
		return e.Encode(f)
	}
	line := f.String()
	if p.github {
		line = f.annotation(os.Getenv("GITHUB_WORKSPACE"))
	} else if p.coloured {
		line = bold + f.place() + ":" + normal + " " + red + f.text() + normal
	}
	_, err := fmt.Fprintln(p.out, line)
	return err
}
