package rest

import (
	"context"
	"net/url"
	"strings"

	"github.com/roster-directory/roster/ports"
)

// firstPage is the target of a list without its cursor: a reference relative to the
// request's own path, of which only the last segment is needed, and the query as the
// client sent it. So the link is right where a proxy strips a prefix. The contract's
// parameters hold no character that would end a link.
func firstPage(segment, query string) string { return pageWithout(segment, query, "cursor") }

// pageWithout is firstPage where the cursor has another name.
func pageWithout(segment, query, cursor string) string {
	var b strings.Builder
	b.WriteString(segment)
	before := byte('?')
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(name); part == "" || err != nil || plain == cursor {
			continue
		}
		b.WriteByte(before)
		b.WriteString(part)
		before = '&'
	}
	return b.String()
}

// endOf is the position of the last item of a page that has a next one; nil
// where it has none.
func endOf[T any](page ports.Page[T], position func(*T) *position) *position {
	if !page.More || len(page.Items) == 0 {
		return nil
	}
	return position(&page.Items[len(page.Items)-1])
}

// link is the header Link (RFC 8288) of a page. It leads to the first page and,
// unless end is nil, to the page that begins after it.
func (c *cursors) link(ctx context.Context, first string, query fingerprint, end *position) (string, error) {
	b := append(make([]byte, 0, 256), '<')
	b = append(append(b, first...), `>; rel="first"`...)
	if end == nil {
		return string(b), nil
	}
	separator := byte('?')
	if strings.Contains(first, "?") {
		separator = '&'
	}
	b = append(append(append(b, ", <"...), first...), separator)
	b, err := c.appendCursor(ctx, append(b, "cursor="...), query, end)
	return string(append(b, `>; rel="next"`...)), err
}
