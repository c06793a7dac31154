package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// decode reads one JSON object into the fields of L. It refuses unknown fields,
// fields that are given twice, and text that is not UTF-8.
func decode[L any](text []byte, into *L) error {
	*into = *new(L)
	if !utf8.Valid(text) {
		return notUTF8()
	}
	var err error
	switch decoder := jsontext.NewDecoder(bytes.NewBuffer(text)); decoder.PeekKind() {
	case '{', jsontext.KindInvalid:
		err = json.Unmarshal(text, into, json.RejectUnknownMembers(true))
	case 'n': // null, or more likely prose
		return notAnObject()
	default:
		if err = decoder.SkipValue(); err == nil {
			return notAnObject()
		}
	}
	return jsonFault(err)
}

// jsonFault converts an error of the JSON library.
func jsonFault(err error) error {
	if err == nil {
		return nil
	}
	fault := notAnObject()
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		fault.Field, fault.Detail = fieldAt(syntactic.JSONPointer), fmt.Sprintf("is not JSON from byte %d on", syntactic.ByteOffset)
	}
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		fault.Field, fault.Detail = fieldAt(semantic.JSONPointer), fmt.Sprintf("can't be a %v", semantic.JSONKind)
	}
	switch {
	case errors.Is(err, json.ErrUnknownName):
		fault.Detail, fault.Fix = "is not a field", "remove it"
	case errors.Is(err, jsontext.ErrDuplicateName):
		fault.Detail, fault.Fix = "is given twice", "give it once"
	}
	return fault
}

func notAnObject() *domain.Error { return invalid("is not a JSON object", "correct the line") }

// invalid returns the fault of a whole line.
func invalid(detail, fix string) *domain.Error {
	return &domain.Error{Kind: domain.Invalid, Reason: domain.ReasonSyntax, Detail: detail, Fix: fix}
}

// parse converts a line to an L by the rules of its format, and that to a T.
func parse[L, T any](c *csvConverter, l line, fields *L, record func(*L) (T, error)) (out T, err error) {
	if l.fault != nil {
		return out, l.fault
	}
	text := l.text
	if c != nil {
		if text, err = c.json(text); err != nil {
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

func notUTF8() error { return invalid("is not valid UTF-8", "save the file as UTF-8") }

// lineParser parses the fields of one line and collects their faults, so that all
// are reported at once.
type lineParser struct{ faults []error }

func (p *lineParser) fault() error { return errors.Join(p.faults...) }

func (p *lineParser) add(err error) {
	if err != nil {
		p.faults = append(p.faults, err)
	}
}

func (p *lineParser) refuse(field, detail, fix string) {
	fault := invalid(detail, fix)
	fault.Field = field
	p.add(fault)
}

// required parses a field that must not be empty.
func required[T any](p *lineParser, field, text string, parse func(string) (T, error)) T {
	if text == "" {
		p.add(domain.Missing(field))
		return *new(T)
	}
	return parsed(p, text, parse)
}

func parsed[T any](p *lineParser, text string, parse func(string) (T, error)) T {
	value, err := parse(text)
	p.add(err)
	return value
}

// optional parses a field that may be empty.
func optional[T any](p *lineParser, text string, parse func(string) (T, error)) T {
	if text == "" {
		return *new(T)
	}
	return parsed(p, text, parse)
}

func optionalID[T any](p *lineParser, field, text string) domain.ID[T] {
	if text == "" {
		return domain.ID[T]{}
	}
	id, err := domain.ParseID[T](field, text)
	if err != nil {
		p.add(err)
	} else if id.IsZero() {
		p.refuse(field, "is the nil UUID, which names nothing", "choose another")
	}
	return id
}

// instant parses a time of RFC 3339; an empty text is the zero time.
func (p *lineParser) instant(field, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	var t time.Time
	if err := t.UnmarshalText([]byte(text)); err != nil {
		p.refuse(field, fmt.Sprintf("%.40q is not a time", text), "send one such as 2026-01-31T09:30:00Z")
		return t
	}
	t = domain.Instant(t)
	if t.Year() < 1 || t.Year() > 9999 || t.IsZero() {
		p.refuse(field, "is out of range", "send a year from 1 to 9999")
	}
	return t
}

func (p *lineParser) organization(id, slug string) ports.OrganizationRef {
	switch {
	case id == "" && slug == "":
		p.add(domain.Missing("organization_id"))
	case id != "" && slug != "":
		p.refuse("organization", "is given together with organization_id", "give one of them")
	case slug != "":
		return ports.OrganizationRef{Slug: parsed(p, slug, func(text string) (domain.Slug, error) {
			parsed, err := domain.ParseSlug(text)
			return parsed, renamed("organization", err)
		})}
	}
	return ports.OrganizationRef{ID: optionalID[domain.Organization](p, "organization_id", id)}
}

func (p *lineParser) user(id, name string) ports.UserRef {
	switch {
	case id == "" && name == "":
		p.add(domain.Missing("user_id"))
	case id != "" && name != "":
		p.refuse("user", "is given together with user_id", "give one of them")
	case name != "":
		return ports.UserRef{Username: parsed(p, name, func(text string) (domain.Username, error) {
			parsed, err := domain.ParseUsername(text)
			return parsed, renamed("user", err)
		})}
	}
	return ports.UserRef{ID: optionalID[domain.User](p, "user_id", id)}
}

// renamed sets the field of an error to its name in the file.
func renamed(field string, err error) error {
	if fault, ok := errors.AsType[*domain.Error](err); ok {
		named := *fault
		named.Field = field
		return &named
	}
	return err
}

func (p *lineParser) version(n *int64) domain.Version {
	if n == nil {
		return 0
	}
	if *n < 1 {
		p.refuse("version", "is below 1", "send 1 or more, or leave it out")
	}
	return domain.Version(*n)
}
