package domain

// Counting says how the things of which a list shows a page are counted. As
// part of a Total it says what the number is.
type Counting string

// The ways of counting.
const (
	// CountNone does not count.
	CountNone Counting = "none"
	// CountExact counts all, as far as time allows.
	CountExact Counting = "exact"
	// CountEstimate finds out about how many there are.
	CountEstimate Counting = "estimate"
	// CountCapped counts up to MostCounted and no further.
	CountCapped Counting = "capped"
)

// MostCounted is where CountCapped ends.
const MostCounted = 10_000

// ParseCounting reads a way of counting. The error is Invalid and names "total".
func ParseCounting(text string) (Counting, error) {
	switch c := Counting(text); c {
	case CountNone, CountExact, CountEstimate, CountCapped:
		return c, nil
	}
	return "", invalid(ReasonSyntax, "total", `send "none", "exact", "estimate" or "capped"`, "%s is not a way of counting", quote(text))
}

// Total is how many things there are. Of the Kind CountExact it is that; of
// CountEstimate about that; of CountCapped at least that.
type Total struct {
	N    int64
	Kind Counting
}
