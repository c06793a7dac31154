package rest

import (
	"strconv"

	"github.com/roster-directory/roster/domain"
)

// etag is the value of the header ETag for a version.
func etag(version domain.Version, weak bool) []string {
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

// smallTags are the tags of small versions, which most users have.
var smallTags = func() (tags [64][]string) {
	for version := range tags {
		tags[version] = []string{`"` + strconv.Itoa(version) + `"`}
	}
	return tags
}()
