package dataset

import (
	"errors"
	"slices"
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// lineParser parses the fields of one line and collects their faults, so that all
// are reported at once.
type lineParser struct {
	faults []error
	// empty are the fields that are given as an empty JSON string.
	empty []string
}

func (p *lineParser) fault() error { return errors.Join(p.faults...) }

// add adds a fault, unless its field has one: the first explains the others.
func (p *lineParser) add(err error) {
	if fault, ok := errors.AsType[*domain.Error](err); ok && fault.Field != "" && p.has(fault.Field) {
		return
	}
	if err != nil {
		p.faults = append(p.faults, err)
	}
}

// has reports whether a field has a fault.
func (p *lineParser) has(field string) bool {
	return slices.ContainsFunc(p.faults, func(err error) bool {
		fault, ok := errors.AsType[*domain.Error](err)
		return ok && fault.Field == field
	})
}

func (p *lineParser) refuse(field, detail, fix string) {
	fault := invalid(detail, fix)
	fault.Field = field
	p.add(fault)
}

// given reports whether the line gives a field, even as an empty JSON string.
func (p *lineParser) given(field, text string) bool {
	return text != "" || slices.Contains(p.empty, field)
}

// required parses a field that must be given.
func required[T any](p *lineParser, field, text string, parse func(string) (T, error)) T {
	if !p.given(field, text) {
		p.add(domain.Missing(field))
	}
	return optional(p, field, text, parse)
}

// optional parses a field that may be missing.
func optional[T any](p *lineParser, field, text string, parse func(string) (T, error)) T {
	if !p.given(field, text) {
		return *new(T)
	}
	value, err := parse(text)
	p.add(domain.InField(field, err)) // its name in the file
	return value
}

func optionalID[T any](p *lineParser, field, text string) domain.ID[T] {
	id := optional(p, field, text, func(text string) (domain.ID[T], error) { return domain.ParseID[T](field, text) })
	if text != "" && id.IsZero() {
		p.refuse(field, "is the nil UUID, which names nothing", "choose another")
	}
	return id
}

// instant parses a time. No text is the zero time, and so is the zero time of Go's
// encoders, 0001-01-01T00:00:00Z.
func (p *lineParser) instant(field, text string) time.Time {
	return optional(p, field, text, func(text string) (time.Time, error) { return domain.ParseTime(field, text) })
}

func (p *lineParser) organization(id, slug string) (ref ports.OrganizationRef) {
	if p.oneOf("organization_id", id, "organization", slug) {
		ref.ID = optionalID[domain.Organization](p, "organization_id", id)
		ref.Slug = optional(p, "organization", slug, domain.ParseSlug)
	}
	return ref
}

func (p *lineParser) user(id, name string) (ref ports.UserRef) {
	if p.oneOf("user_id", id, "user", name) {
		ref.ID = optionalID[domain.User](p, "user_id", id)
		ref.Username = optional(p, "user", name, domain.ParseUsername)
	}
	return ref
}

// oneOf reports whether a line gives one of two fields, which name the same thing.
func (p *lineParser) oneOf(idField, id, nameField, name string) bool {
	byID, byName := p.given(idField, id), p.given(nameField, name)
	switch {
	case byID && byName:
		p.refuse(nameField, "is given together with "+idField, "give one of them")
	case !byID && !byName && !p.has(idField) && !p.has(nameField):
		p.add(domain.Missing(idField))
	}
	return byID != byName
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
