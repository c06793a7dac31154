package rows

import (
	"errors"
	"fmt"
)

// Conversion gathers the columns of one row that the domain does not accept.
// Roster did not write such a row. So the error is no domain error, which would
// blame the caller: it names the row and the column for the operator.
type Conversion struct {
	Table, ID string
	faults    []error
}

// Parse parses a column's value.
func Parse[S, T any](c *Conversion, column string, value S, parse func(S) (T, error)) T {
	v, err := parse(value)
	if err != nil {
		// Without %w, since an error of the kind Invalid would blame the caller.
		c.faults = append(c.faults, fmt.Errorf("column %s: %s", column, err)) //nolint:errorlint // see above
	}
	return v
}

// Err is nil where all columns were parsed.
func (c *Conversion) Err() error {
	if len(c.faults) == 0 {
		return nil
	}
	return fmt.Errorf("roster.%s holds a row, %s, that is no %.*s: %w", c.Table, c.ID, len(c.Table)-1, c.Table, errors.Join(c.faults...))
}

// Qualified puts a table's name or alias before each column.
func Qualified(table string, columns ...string) []string {
	for i := range columns {
		columns[i] = table + "." + columns[i]
	}
	return columns
}

// Text is the text of a value, nil for the zero value.
func Text[T interface {
	comparable
	String() string
}](value T) *string {
	var unset T
	if value == unset {
		return nil
	}
	return new(value.String())
}

// NonZero is nil for a zero value.
func NonZero[T comparable](value T) *T {
	var unset T
	if value == unset {
		return nil
	}
	return &value
}

// OrZero is the value that p points to, the zero value where p is nil.
func OrZero[T any](p *T) (value T) {
	if p != nil {
		value = *p
	}
	return value
}
