package sqlcheck

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	sq "github.com/Masterminds/squirrel"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/sqltext"
)

var (
	numbered = regexp.MustCompile(`\$[0-9]`)
	star     = regexp.MustCompile(`(?i)(\b(select|distinct|all|returning)\s*|[.,]\s*)\*`)
)

// build makes the text that is sent, with numbered placeholders, and the
// arguments.
func build(s sq.Sqlizer) (string, []any, error) {
	if s == nil {
		return "", nil, errors.New("Build returned nil")
	}
	text, args, err := s.ToSql()
	if err != nil {
		return "", nil, err
	}
	if err := checkText(text, len(args)); err != nil {
		return "", nil, fmt.Errorf("%w in %q", err, text)
	}
	text, err = sq.Dollar.ReplacePlaceholders(text)
	return text, args, err
}

func checkText(text string, args int) error {
	code := sqltext.Code(text)
	n := placeholders(code)
	switch {
	case numbered.MatchString(code):
		return errors.New("a numbered placeholder: leave squirrel's placeholder format alone")
	case n != placeholders(text):
		return errors.New(`a "?" in quotes or a comment: write "??"`)
	case n != args:
		return fmt.Errorf("%d placeholders for %d arguments", n, args)
	case star.MatchString(code):
		return errStar
	}
	return nil
}

var errStar = errors.New(`"*": name the columns`)

// placeholders counts "?" that are not doubled.
func placeholders(text string) int {
	return strings.Count(strings.ReplaceAll(text, "??", ""), "?")
}
