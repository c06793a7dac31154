package rest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/roster-directory/roster/domain"
)

// entityTag names one representation of a version (RFC 9110, section 8.8.3). All are
// strong, so that a tag can be compared in If-Match: the version in quotes, with a
// suffix for each choice that changes the bytes, as in "2-f1a-gzip".
type entityTag struct {
	version domain.Version
	// fields are the selected fields; zero for all. Their bits are those of the
	// contract's enumeration, which only grows at its end.
	fields fieldSet
	gzip   bool
}

const (
	fieldsSuffix = "-f"
	gzipSuffix   = "-gzip"
)

// header is the value of the header ETag.
func (t entityTag) header() []string {
	if t.fields == 0 && !t.gzip && t.version > 0 && int(t.version) < len(smallTags) {
		return smallTags[t.version]
	}
	return []string{`"` + t.text() + `"`}
}

// text is the tag without its quotes.
func (t entityTag) text() string {
	text := strconv.FormatInt(int64(t.version), 10)
	if t.fields != 0 {
		text += fieldsSuffix + strconv.FormatUint(uint64(t.fields), 16)
	}
	if t.gzip {
		text += gzipSuffix
	}
	return text
}

// readTag reads the text of a tag; false for one that Roster never sent.
func readTag(text string) (entityTag, bool) {
	var tag entityTag
	version, zipped := strings.CutSuffix(text, gzipSuffix)
	version, fields, _ := strings.Cut(version, fieldsSuffix)
	number, err1 := strconv.ParseInt(version, 10, 64)
	bits, err2 := strconv.ParseUint("0"+fields, 16, 32)
	tag = entityTag{version: domain.Version(number), fields: fieldSet(bits), gzip: zipped}
	return tag, err1 == nil && err2 == nil && number > 0 && tag.text() == text
}

// zippedTags is the value of the header ETag for the compressed form of a response.
func zippedTags(plain []string) []string {
	if len(plain) != 1 || !strings.HasPrefix(plain[0], `"`) {
		return plain
	}
	return []string{strings.TrimSuffix(plain[0], `"`) + gzipSuffix + `"`}
}

// smallTags are the tags of small versions, which most users have.
var smallTags = func() (tags [64][]string) {
	for version := range tags {
		tags[version] = []string{`"` + strconv.Itoa(version) + `"`}
	}
	return tags
}()

// versionsOf are the versions that tags name, each once.
func versionsOf(tags []entityTag) []domain.Version {
	var versions []domain.Version
	for _, tag := range tags {
		if !slices.Contains(versions, tag.version) {
			versions = append(versions, tag.version)
		}
	}
	return versions
}
