package rest

import (
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/roster-directory/roster/domain"
)

// mostTags is the most entity tags in one header.
const mostTags = 16

// neverVersion is a version that nothing has, and that therefore never matches.
const neverVersion domain.Version = -1

// entityTags is a list of entity tags (RFC 9110, section 8.8.3), or "*".
type entityTags struct {
	given, any bool
	// strong holds the versions of the strong tags, weak those of the weak
	// ones. A tag that is no version of Roster's is in neither.
	strong, weak []domain.Version
}

// ifMatch is the header If-Match: write only where the version is one of these.
type ifMatch struct{ entityTags }

// ifNoneMatch is the header If-None-Match: the caller has these versions.
type ifNoneMatch struct{ entityTags }

func (m *ifMatch) read(header http.Header) error     { return m.readFrom(header, "If-Match") }
func (m *ifNoneMatch) read(header http.Header) error { return m.readFrom(header, "If-None-Match") }

// absent reports whether the request has no condition.
func (t *entityTags) absent() bool { return !t.given }

// matches reports whether the caller has the version, however it was encoded.
func (m *ifNoneMatch) matches(version domain.Version) bool {
	if m.any {
		return true
	}
	for _, each := range [][]domain.Version{m.strong, m.weak} {
		for _, one := range each {
			if one == version {
				return true
			}
		}
	}
	return false
}

// matching writes under a condition: with each version that the caller names,
// until one is the present one. A weak tag matches none.
func matching[T any](m *ifMatch, write func(domain.Version) (T, error)) (T, error) {
	switch {
	case !m.given || m.any:
		return write(0)
	case len(m.strong) == 0:
		return write(neverVersion)
	}
	for _, version := range m.strong[:len(m.strong)-1] {
		if written, err := write(version); !errors.Is(err, domain.Stale) {
			return written, err
		}
	}
	return write(m.strong[len(m.strong)-1])
}

// tagPattern is the next tag of a list, and the comma after it.
var tagPattern = regexp.MustCompile(`^[ \t,]*(W/)?"([!#-~]*)"[ \t]*(,|$)`)

func (t *entityTags) readFrom(header http.Header, name string) error {
	lines := header[name]
	if len(lines) == 0 {
		return nil
	}
	t.given = true
	rest := strings.Trim(strings.Join(lines, ","), " \t")
	if t.any = rest == "*"; t.any {
		return nil
	}
	for count := 1; ; count++ {
		tag := tagPattern.FindStringSubmatch(rest)
		if tag == nil || count > mostTags {
			return inParameter(&domain.Error{
				Kind: domain.Invalid, Reason: domain.ReasonSyntax, Field: name,
				Detail: "is neither * nor 1 to 16 entity tags", Fix: `send what ETag said, such as "2"`,
			})
		}
		t.add(tag[1] == "", tag[2])
		if rest = strings.TrimLeft(rest[len(tag[0]):], " \t,"); rest == "" {
			return nil
		}
	}
}

func (t *entityTags) add(strong bool, tag string) {
	version, err := strconv.ParseInt(tag, 10, 64)
	if err != nil || version < 1 || strconv.FormatInt(version, 10) != tag {
		return
	}
	if strong {
		t.strong = append(t.strong, domain.Version(version))
	} else {
		t.weak = append(t.weak, domain.Version(version))
	}
}

// unconditional refuses a write that does not say which version it changes.
func unconditional() error {
	return newProblem(kindPreconditionRequired, "send If-Match with the ETag of the version that you read, or * for any")
}

// tagOf is the value of the header ETag for a version.
func tagOf(version domain.Version, weak bool) []string {
	if !weak && version > 0 && int(version) < len(smallTags) {
		return smallTags[version]
	}
	tag := make([]byte, 0, 24)
	if weak {
		tag = append(tag, "W/"...)
	}
	tag = append(strconv.AppendInt(append(tag, '"'), int64(version), 10), '"')
	return []string{string(tag)}
}

// smallTags are the tags of small versions, which most users have; nobody changes them.
var smallTags = func() (tags [64][]string) {
	for version := range tags {
		tags[version] = []string{`"` + strconv.Itoa(version) + `"`}
	}
	return tags
}()
