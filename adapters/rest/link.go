package rest

import (
	"context"
	"net/url"
	"strings"
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
