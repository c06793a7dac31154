package rest

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/roster-directory/roster/domain"
)

// maxTags is the most entity tags of one header.
const maxTags = 16

// noVersion is a version that nothing has, so that it never matches.
const noVersion domain.Version = -1

// entityTags is a list of entity tags (RFC 9110, section 8.8.3), or "*".
type entityTags struct {
	present, any bool
	// strong holds the versions of the strong tags, weak those of the weak ones.
	// A tag that is no version is in neither.
	strong, weak []domain.Version
}

// ifMatch is the header If-Match: a write needs one of these versions.
type ifMatch struct{ entityTags }

// ifNoneMatch is the header If-None-Match: the caller has these versions.
type ifNoneMatch struct{ entityTags }

func (m *ifMatch) read(header http.Header) error { return m.entityTags.read(header, "If-Match") }

func (m *ifNoneMatch) read(header http.Header) error {
	return m.entityTags.read(header, "If-None-Match")
}

// matches reports whether the caller has the version, in any representation.
func (m *ifNoneMatch) matches(version domain.Version) bool {
	return m.any || slices.Contains(m.strong, version) || slices.Contains(m.weak, version)
}

// matching writes with each version that the caller names, until one is the
// stored one. A weak tag matches none.
func matching[T any](m *ifMatch, write func(domain.Version) (T, error)) (T, error) {
	switch {
	case !m.present || m.any:
		return write(0)
	case len(m.strong) == 0:
		return write(noVersion)
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

func (t *entityTags) read(header http.Header, name string) error {
	lines := header[name]
	if len(lines) == 0 {
		return nil
	}
	t.present = true
	rest := strings.Trim(strings.Join(lines, ","), " \t")
	if t.any = rest == "*"; t.any {
		return nil
	}
	for count := 1; ; count++ {
		tag := tagPattern.FindStringSubmatch(rest)
		if tag == nil || count > maxTags {
			return invalidParameter(name, domain.ReasonSyntax, "is neither * nor 1 to 16 entity tags", `send what ETag said, such as "2"`)
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

// ifMatchRequired refuses a write that does not say which version it changes.
func ifMatchRequired() error {
	return newProblem(kindPreconditionRequired, "send If-Match with the ETag of the version that you read, or * for any")
}
