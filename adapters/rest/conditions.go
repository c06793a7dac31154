package rest

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/roster-directory/roster/adapters/rest/negotiation"
	"github.com/roster-directory/roster/domain"
)

// maxTags is the most entity tags of one header.
const maxTags = 16

// noVersion is a version that nothing has, so that it never matches.
const noVersion domain.Version = -1

// entityTags is a list of entity tags (RFC 9110, section 8.8.3), or "*".
type entityTags struct {
	present, any bool
	// strong holds the strong tags of Roster's, weak those that a proxy weakened. A
	// tag that Roster never sent is in neither.
	strong, weak []entityTag
}

// ifMatch is the header If-Match: a write needs a version of which the caller has
// some representation.
type ifMatch struct{ entityTags }

// ifNoneMatch is the header If-None-Match: the caller has these representations.
type ifNoneMatch struct {
	entityTags
	// accepted are the encodings in which the caller reads a response.
	accepted negotiation.Encodings
}

func (m *ifMatch) read(header http.Header) error { return m.entityTags.read(header, "If-Match") }

func (m *ifNoneMatch) read(header http.Header) error {
	m.accepted = negotiation.ReadEncodings(header["Accept-Encoding"])
	return m.entityTags.read(header, "If-None-Match")
}

// matches reports whether the caller has a representation of the version with the
// same fields, in an encoding that it accepts, and returns its tag.
func (m *ifNoneMatch) matches(current entityTag) (entityTag, bool) {
	if m.any {
		return current, true
	}
	for _, zipped := range []bool{m.accepted.Gzip, false} {
		if current.gzip = zipped; !zipped && !m.accepted.Identity {
			break
		}
		if slices.Contains(m.strong, current) || slices.Contains(m.weak, current) {
			return current, true
		}
	}
	return entityTag{}, false
}

// matching writes with each version of which the caller names a representation, until
// one is the stored one. If-Match compares strongly (RFC 9110, section 13.1.1), so a
// weak tag matches none.
func matching[T any](m *ifMatch, write func(domain.Version) (T, error)) (T, error) {
	if !m.present || m.any {
		return write(0)
	}
	versions := versionsOf(m.strong)
	if len(versions) == 0 {
		written, err := write(noVersion)
		if errors.Is(err, domain.Stale) {
			err = m.noStrongTag(err)
		}
		return written, err
	}
	for _, version := range versions[:len(versions)-1] {
		if written, err := write(version); !errors.Is(err, domain.Stale) {
			return written, err
		}
	}
	return write(versions[len(versions)-1])
}

// noStrongTag says why If-Match can match no version.
func (m *ifMatch) noStrongTag(cause error) error {
	stale := &domain.Error{
		Kind: domain.Stale, Reason: domain.ReasonVersion, Detail: "If-Match holds no tag that this server sent",
		Fix: `send the ETag of the response that you read, such as "2"`, Err: cause,
	}
	if len(m.weak) > 0 {
		version := strconv.FormatInt(int64(m.weak[0].version), 10)
		stale.Detail = `the tag W/"` + m.weak[0].text() + `" in If-Match is weak, as a proxy may make it, and a write needs a strong one`
		stale.Fix = `send "` + version + `": the version in the body, in quotes`
	}
	return stale
}

// tagPattern is the next tag of a list, and the comma after it. Its quotes may be
// missing, as some clients remove them.
var tagPattern = regexp.MustCompile(`^[ \t,]*(?:(W/)?"([!#-~]*)"|([!#-)+\--~]+))[ \t]*(?:,|$)`)

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
		t.add(tag[1] == "", tag[2]+tag[3])
		if rest = strings.TrimLeft(rest[len(tag[0]):], " \t,"); rest == "" {
			return nil
		}
	}
}

func (t *entityTags) add(strong bool, text string) {
	switch tag, known := readTag(text); {
	case !known:
	case strong:
		t.strong = append(t.strong, tag)
	default:
		t.weak = append(t.weak, tag)
	}
}

// ifMatchRequired refuses a write that does not say which version it changes.
func ifMatchRequired() error {
	return newProblem(kindPreconditionRequired, "send If-Match with the ETag of the version that you read, or * for any")
}
