package rest

import (
	"context"
	"net/url"
	"strings"

	"github.com/roster-directory/roster/ports"
)

// pageOf is the target of a list without its cursor: the path, and the query as
// it was sent. A query whose every parameter is of the contract holds nothing
// that would end a link.
func pageOf(path, query string) string {
	var b strings.Builder
	b.WriteString(path)
	before := byte('?')
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(name); part == "" || err != nil || plain == "cursor" {
			continue
		}
		b.WriteByte(before)
		b.WriteString(part)
		before = '&'
	}
	return b.String()
}

// following is where the page after this one begins, by the place of the last
// item; nil where there is none.
func following[T any](page ports.Page[T], place func(*T) *position) *position {
	if !page.More || len(page.Items) == 0 {
		return nil
	}
	return place(&page.Items[len(page.Items)-1])
}

// link is the header Link (RFC 8288) of a page: it leads to the first one and,
// unless next is nil, to the one that begins after next.
func (c *cursors) link(ctx context.Context, page string, question []byte, next *position) (string, error) {
	b := append(make([]byte, 0, 256), '<')
	b = append(append(b, page...), `>; rel="first"`...)
	if next == nil {
		return string(b), nil
	}
	separator := byte('?')
	if strings.Contains(page, "?") {
		separator = '&'
	}
	b = append(append(append(b, ", <"...), page...), separator)
	b, err := c.appendCursor(ctx, append(b, "cursor="...), question, next)
	return string(append(b, `>; rel="next"`...)), err
}
