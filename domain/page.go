package domain

// PageSize is how many things an answer may hold: 1 to 1,000.
type PageSize struct{ n int }

const mostPerPage = 1000

// MostReportSize is the greatest page of a report.
var MostReportSize = PageSize{mostPerPage}

// ParsePageSize reads a page size. The error is Invalid and names "limit".
func ParsePageSize(n int) (PageSize, error) {
	if n < 1 || n > mostPerPage {
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
