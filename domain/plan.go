package domain

// Plan is the plan of an organization.
type Plan struct {
	Code PlanCode
	Name PlanName
	// Seats limits the members of an organization.
	Seats Seats
}

// PlanCode is a plan's unique handle: 1 to 32 of a-z, 0-9, '_' and '-',
// starting with a letter or digit.
type PlanCode struct{ text string }

// ParsePlanCode reads a code. The error is Invalid and names "plan".
func ParsePlanCode(text string) (PlanCode, error) {
	lower := func(c byte) bool { return isLower(c) || isDigit(c) }
	err := token("plan", text, 32, "use 1 to 32 of a-z, 0-9, '_' and '-', starting with a letter or digit", lower,
		func(c byte) bool { return lower(c) || c == '_' || c == '-' })
	if err != nil {
		return PlanCode{}, err
	}
	return PlanCode{text}, nil
}

// String returns the code.
func (c PlanCode) String() string { return c.text }

// PlanName is the name of a plan that people see: any script, NFC, 1 to 100 code
// points, of which one is visible, no control characters.
type PlanName struct{ text string }

// ParsePlanName reads a name and normalizes it to NFC. The error is Invalid and
// names "name".
func ParsePlanName(text string) (PlanName, error) {
	text, err := freeText("name", text, 100)
	return PlanName{text}, err
}

// String returns the name.
func (n PlanName) String() string { return n.text }

// Seats is the most members of an organization on a plan. The zero Seats is no
// limit.
type Seats struct{ n int32 }

// ParseSeats reads a limit of 1 to 1,000,000 members. The error is Invalid and
// names "seats".
func ParseSeats(n int64) (Seats, error) {
	if n < 1 || n > 1_000_000 {
		return Seats{}, invalid(ReasonRange, "seats", "send 1 to 1000000, or null for no limit", "is %d", n)
	}
	return Seats{int32(n)}, nil
}

// Limit returns the most members, and false where there is no limit.
func (s Seats) Limit() (n int32, limited bool) { return s.n, s.n > 0 }
