package tool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/jackc/pgx/v5"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/describe"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/schema"
	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/sqltext"
)

// description is what describe says of a statement.
type description struct {
	File       string               `json:"file"`
	Line       int                  `json:"line"`
	Name       string               `json:"name,omitempty"`
	Parameters []describedParameter `json:"parameters"`
	Columns    []describedColumn    `json:"columns"`
	Text       string               `json:"text"` // as it is sent
}

type describedParameter struct {
	Name string `json:"name,omitempty"` // of @name
	Type string `json:"type"`
	// NotNull is the column that refuses NULL to which it is written, or "".
	NotNull string `json:"notNull,omitempty"`
}

type describedColumn struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Nullable bool   `json:"nullable"`
	Why      string `json:"why,omitempty"`    // it can be NULL
	Origin   string `json:"origin,omitempty"` // the column of a table whose value it is
}

// describe says what the statements of SQL files take and give, on the schema of the
// flag -schema or of a configuration in the working folder.
func (o options) describe(ctx context.Context, files []string) error {
	if len(files) == 0 {
		return errors.New("missing file: name one with SQL, as in sqlcheck describe -schema schema.sql queries.sql")
	}
	s, err := newService(".", o)
	if err != nil {
		return err
	}
	source := schema.Source{Path: o.schema}
	if o.schema == "" {
		if s, err = openService(".", o); err != nil {
			return fmt.Errorf("name a dump or a folder of migrations with -schema: %w", err)
		}
		source = s.source()
	}
	var refused []Finding
	err = s.onScratchOf(ctx, source, func(_, url string) error {
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		d := describe.New(conn)
		for _, file := range files {
			found, err := o.describeFile(ctx, d, file)
			if err != nil {
				return err
			}
			refused = append(refused, found...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return o.printer.print(refused)
}

// describeFile prints what the server says of a file's statements, and returns those
// that it refuses.
func (o options) describeFile(ctx context.Context, d *describe.Describer, file string) (refused []Finding, err error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for _, s := range sqltext.Statements(string(content)) {
		at := Finding{File: file, Line: s.Line}
		text, names, err := sqltext.Parameters(s.Text)
		if err != nil {
			at.Problem = err.Error()
			refused = append(refused, at)
			continue
		}
		answer, err := d.Statement(ctx, text)
		if wrong := (*describe.Error)(nil); errors.As(err, &wrong) {
			at.Line += max(wrong.Line-1, 0)
			at.Problem = wrong.Cause.Message
			refused = append(refused, at)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", at.place(), err)
		}
		if err := o.printer.describe(describing(file, s, text, names, answer)); err != nil {
			return nil, err
		}
	}
	return refused, nil
}

func describing(file string, s sqltext.Statement, text string, names []string, answer describe.Statement) description {
	d := description{
		File: file, Line: s.Line, Name: s.Name, Text: text, Parameters: []describedParameter{}, Columns: []describedColumn{},
	}
	for i, p := range answer.Params {
		described := describedParameter{Type: p.Type.Name, NotNull: p.Column}
		if i < len(names) {
			described.Name = names[i]
		}
		d.Parameters = append(d.Parameters, described)
	}
	for _, c := range answer.Columns {
		described := describedColumn{Name: c.Name, Type: c.Type.Name, Nullable: c.Nullable(), Why: c.Null}
		if c.Table != "" {
			described.Origin = c.Table + "." + c.Origin
		}
		d.Columns = append(d.Columns, described)
	}
	return d
}

// describe prints a description, as JSON on a line or as a table.
func (p printer) describe(d description) error {
	if p.json {
		e := json.NewEncoder(p.out)
		e.SetEscapeHTML(false)
		return e.Encode(d)
	}
	title := fmt.Sprintf("%s:%d:", d.File, d.Line)
	if d.Name != "" {
		title += " " + d.Name
	}
	t := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, title)
	for i, param := range d.Parameters {
		fmt.Fprintf(t, "  $%d\t%s", i+1, param.Type)
		if param.Name != "" {
			fmt.Fprintf(t, "\t@%s", param.Name)
		}
		if param.NotNull != "" {
			fmt.Fprintf(t, "\twritten to %s, which refuses NULL", param.NotNull)
		}
		fmt.Fprintln(t)
	}
	for _, c := range d.Columns {
		why := "never NULL"
		if c.Nullable {
			why = "can be NULL: " + c.Why
		}
		fmt.Fprintf(t, "  %s\t%s\t%s\n", c.Name, c.Type, why)
	}
	return t.Flush()
}
