package domain

// Counting says how to count the items of a list. In a Total it says what the
// number is.
type Counting string

// The ways of counting.
const (
	// CountNone does not count.
	CountNone Counting = "none"
	// CountExact counts all, if time allows.
	CountExact Counting = "exact"
	// CountEstimate estimates the number.
	CountEstimate Counting = "estimate"
	// CountCapped counts up to MaxCounted.
	CountCapped Counting = "capped"
)

// MaxCounted is the most that CountCapped counts.
const MaxCounted = 10_000

// ParseCounting reads a way of counting. The error is Invalid and names "total".
func ParseCounting(text string) (Counting, error) {
	switch c := Counting(text); c {
	case CountNone, CountExact, CountEstimate, CountCapped:
		return c, nil
	}
	return "", invalid(ReasonSyntax, "total", `send "none", "exact", "estimate" or "capped"`, "%s is not a way of counting", quote(text))
}

// Total is the number of items. With the Kind CountExact it is exact, with
// CountEstimate an estimate, with CountCapped the least that there are.
type Total struct {
	N    int64
	Kind Counting
}
