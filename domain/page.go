package domain

// PageSize is how many things an answer may hold: 1 to 1,000.
type PageSize struct{ n int }

// ParsePageSize reads a page size. The error is Invalid and names "limit".
func ParsePageSize(n int) (PageSize, error) {
	if n < 1 || n > 1000 {
		return PageSize{}, invalid(ReasonRange, "limit", "send 1 to 1000", "is %d", n)
	}
	return PageSize{n}, nil
}

// The sizes of pages where none is asked for.
var (
	DefaultListSize   = PageSize{50}
	DefaultSearchSize = PageSize{20}
	DefaultReportSize = PageSize{50}
)

// Int returns the size.
func (p PageSize) Int() int { return p.n }

// SearchTerm is what somebody looks for: at most 1,024 bytes of any script, not blank, no control characters.
type SearchTerm struct{ text string }

// ParseSearchTerm reads a term. The error is Invalid and names "term".
func ParseSearchTerm(text string) (SearchTerm, error) {
	if len(text) > 1024 {
		return SearchTerm{}, invalid(ReasonRange, "term", "shorten it", "has %d bytes; 1024 is the most", len(text))
	}
	text, err := freeText("term", text, 1024)
	return SearchTerm{text}, err
}

// String returns the term.
func (s SearchTerm) String() string { return s.text }
