package history

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"
)

// state is a user at a moment. Its version is 0 before it is created.
type state struct {
	name    string
	version int64
	deleted bool
}

// checkUsers looks for an order of each user's operations that explains all
// responses.
func checkUsers(users map[string][]Operation) error {
	var faults []error
	for id, operations := range users {
		if err := checkUser(operations); err != nil {
			faults = append(faults, fmt.Errorf("user %s: %w", id, err))
		}
	}
	return firstFew(faults)
}

func checkUser(operations []Operation) error {
	model := porcupine.Model{
		Init: func() any { return state{} },
		Step: func(before, input, _ any) (bool, any) {
			after, possible := input.(*Operation).apply(before.(state))
			return possible, after
		},
	}
	history := make([]porcupine.Operation, 0, len(operations))
	for i := range operations {
		o := &operations[i]
		end := o.Return
		if o.Outcome == Unknown {
			if o.Kind == Read {
				continue
			}
			// It may take effect at any time or never, which is the same as after
			// all other operations.
			end = math.MaxInt64
		}
		history = append(history, porcupine.Operation{ClientId: o.Client, Input: o, Call: o.Call, Return: end})
	}
	// This takes microseconds unless many operations had no response.
	if !porcupine.CheckOperations(model, history) {
		return fmt.Errorf("no order explains these responses:\n%s", describe(operations))
	}
	return nil
}

// apply returns the state after the operation, and whether its response is possible
// in the state before.
func (o *Operation) apply(before state) (after state, possible bool) {
	present := before.version > 0 && !before.deleted
	stale := present && o.IfMatch != 0 && o.IfMatch != before.version
	switch {
	case o.Outcome == Missing:
		return before, !present
	case o.Outcome == Stale:
		return before, stale
	case o.Outcome == Unknown && (!present || stale):
		return before, true // without effect
	case o.Kind == Create:
		after = state{name: o.Name, version: 1}
		return after, before == state{} && o.matches(after)
	case o.Kind == Read:
		return before, present && o.matches(before)
	case o.Kind == Replace:
		after = state{name: o.Name, version: before.version + 1}
		return after, present && !stale && (o.Outcome == Unknown || o.matches(after))
	default:
		after = before
		after.deleted = true
		return after, present && !stale
	}
}

// matches reports whether the response has the user as in s.
func (o *Operation) matches(s state) bool {
	return o.Received.Name == s.name && o.Received.Version == s.version
}

// describe lists the operations by the time of their responses.
func describe(operations []Operation) string {
	sorted := slices.SortedFunc(slices.Values(operations), func(a, b Operation) int { return cmp.Compare(a.Return, b.Return) })
	lines := make([]string, len(sorted))
	for i, o := range sorted {
		lines[i] = "\t" + o.String()
	}
	return strings.Join(lines, "\n")
}
