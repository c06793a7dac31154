package dataset

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// decode reads one JSON object into the fields of L. It refuses what a person
// would have to guess about: unknown fields, fields that are given twice, and
// text that is not UTF-8.
func decode[L any](text []byte, into *L) error {
	*into = *new(L)
	if !utf8.Valid(text) {
		return notUTF8()
	}
	err := readObject(text, reflect.ValueOf(into).Elem())
	at, ok := errors.AsType[*jsontext.SyntacticError](err)
	if !ok {
		return err
	}
	fault := notAnObject()
	fault.Field, fault.Detail = fieldAt(at.JSONPointer), fmt.Sprintf("is not JSON from byte %d on", at.ByteOffset)
	if errors.Is(err, jsontext.ErrDuplicateName) {
		fault.Detail, fault.Fix = "is given twice", "give it once"
	}
	return fault
}

func notAnObject() *domain.Error {
	return &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonSyntax, Detail: "is not a JSON object", Fix: "mend the line"}
}

// parse reads a line by the rules of its format into an L and on into a T.
func parse[L, T any](t *table, l line, fields *L, record func(*L) (T, error)) (out T, err error) {
	if l.fault != nil {
		return out, l.fault
	}
	text := l.text
	if t != nil {
		if text, err = t.json(text); err != nil {
			return out, err
		}
	}
	if err := decode(text, fields); err != nil {
		return out, err
	}
	return record(fields)
}

func fieldAt(pointer jsontext.Pointer) string {
	return strings.ReplaceAll(strings.TrimPrefix(string(pointer), "/"), "/", ".")
}

func notUTF8() error {
	return &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonSyntax, Detail: "is not valid UTF-8", Fix: "save the file as UTF-8"}
}

// reading gathers the faults of one line, so that all are named at once.
type reading struct{ faults []error }

func (r *reading) fault() error { return errors.Join(r.faults...) }

func (r *reading) refuse(field, detail, fix string) {
	r.faults = append(r.faults, &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonSyntax, Field: field, Detail: detail, Fix: fix})
}

// required parses a field that must be there, and not be empty.
func required[T any](r *reading, field, text string, parse func(string) (T, error)) T {
	if text == "" {
		r.faults = append(r.faults, domain.Missing(field))
		return *new(T)
	}
	return parsed(r, text, parse)
}

func parsed[T any](r *reading, text string, parse func(string) (T, error)) T {
	value, err := parse(text)
	if err != nil {
		r.faults = append(r.faults, err)
	}
	return value
}

// optional parses a field where it is given.
func optional[T any](r *reading, text string, parse func(string) (T, error)) T {
	if text == "" {
		return *new(T)
	}
	return parsed(r, text, parse)
}

func optionalID[T any](r *reading, field, text string) domain.ID[T] {
	if text == "" {
		return domain.ID[T]{}
	}
	id, err := domain.ParseID[T](field, text)
	if err != nil {
		r.faults = append(r.faults, err)
	} else if id.IsZero() {
		r.refuse(field, "is the nil UUID, which names nothing", "choose another")
	}
	return id
}

// instant parses a time of RFC 3339, strictly; zero where there is none.
func (r *reading) instant(field, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	var t time.Time
	if err := t.UnmarshalText([]byte(text)); err != nil {
		r.refuse(field, fmt.Sprintf("%.40q is not a time", text), "send one such as 2026-01-31T09:30:00Z")
		return t
	}
	t = domain.Instant(t)
	if t.Year() < 1 || t.Year() > 9999 || t.IsZero() {
		r.refuse(field, "is out of range", "send a year from 1 to 9999")
	}
	return t
}

func (r *reading) organization(id, slug string) ports.OrganizationRef {
	switch {
	case id == "" && slug == "":
		r.faults = append(r.faults, domain.Missing("organization_id"))
	case id != "" && slug != "":
		r.refuse("organization", "is given beside organization_id", "give one of them")
	case slug != "":
		return ports.OrganizationRef{Slug: parsed(r, slug, func(text string) (domain.Slug, error) {
			parsed, err := domain.ParseSlug(text)
			return parsed, renamed("organization", err)
		})}
	}
	return ports.OrganizationRef{ID: optionalID[domain.Organization](r, "organization_id", id)}
}

func (r *reading) user(id, name string) ports.UserRef {
	switch {
	case id == "" && name == "":
		r.faults = append(r.faults, domain.Missing("user_id"))
	case id != "" && name != "":
		r.refuse("user", "is given beside user_id", "give one of them")
	case name != "":
		return ports.UserRef{Username: parsed(r, name, func(text string) (domain.Username, error) {
			parsed, err := domain.ParseUsername(text)
			return parsed, renamed("user", err)
		})}
	}
	return ports.UserRef{ID: optionalID[domain.User](r, "user_id", id)}
}

// renamed gives an error the name that its field has in the file.
func renamed(field string, err error) error {
	if fault, ok := errors.AsType[*domain.Error](err); ok {
		named := *fault
		named.Field = field
		return &named
	}
	return err
}

func (r *reading) version(n *int64) domain.Version {
	if n == nil {
		return 0
	}
	if *n < 1 {
		r.refuse("version", "is below 1", "send 1 or more, or leave it out")
	}
	return domain.Version(*n)
}
