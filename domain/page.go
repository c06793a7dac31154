package domain

// PageSize is the most items of a page: 1 to 1,000.
type PageSize struct{ n int }

const maxPageSize = 1000

// MaxReportSize is the largest page of a report.
var MaxReportSize = PageSize{maxPageSize}

// ParsePageSize reads a page size. The error is Invalid and names "limit".
func ParsePageSize(n int) (PageSize, error) {
	if n < 1 || n > maxPageSize {
		return PageSize{}, invalid(ReasonRange, "limit", "send 1 to 1000", "is %d", n)
	}
	return PageSize{n}, nil
}

// The sizes of pages where the caller asks for none.
var (
	DefaultListSize   = PageSize{50}
	DefaultSearchSize = PageSize{20}
	DefaultReportSize = PageSize{50}
)

// Int returns the size.
func (p PageSize) Int() int { return p.n }
