package history

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"
)

// patience is how long the order of one user's operations is looked for. It
// takes microseconds unless most of them had no answer.
const patience = time.Minute

// state is a user as of a moment: of version 0 before it is created.
type state struct {
	name    string
	version int64
	deleted bool
}

// checkUsers looks for an order of each user's operations that explains all
// answers.
func checkUsers(users map[string][]Operation) error {
	var faults []error
	for id, operations := range users {
		if err := checkUser(operations); err != nil {
			faults = append(faults, fmt.Errorf("user %s: %w", id, err))
		}
	}
	return few(faults)
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
			// It may have happened, at any time, or not: then it is as if it
			// happened after all that is known.
			end = math.MaxInt64
		}
		history = append(history, porcupine.Operation{ClientId: o.Client, Input: o, Call: o.Call, Return: end})
	}
	switch porcupine.CheckOperationsTimeout(model, history, patience) {
	case porcupine.Ok:
		return nil
	case porcupine.Illegal:
		return fmt.Errorf("no order explains these answers:\n%s", tell(operations))
	default:
		return errors.New("no order was found in time")
	}
}

// apply returns the state after the operation, and whether what it was told is
// what it would be told in the state before.
func (o *Operation) apply(before state) (after state, possible bool) {
	present := before.version > 0 && !before.deleted
	stale := present && o.IfMatch != 0 && o.IfMatch != before.version
	switch {
	case o.Outcome == Missing:
		return before, !present
	case o.Outcome == Stale:
		return before, stale
	case o.Outcome == Unknown && (!present || stale):
		return before, true // it had no effect
	case o.Kind == Create:
		after = state{name: o.Name, version: 1}
		return after, before == state{} && o.shows(after)
	case o.Kind == Read:
		return before, present && o.shows(before)
	case o.Kind == Replace:
		after = state{name: o.Name, version: before.version + 1}
		return after, present && !stale && (o.Outcome == Unknown || o.shows(after))
	default:
		after = before
		after.deleted = true
		return after, present && !stale
	}
}

// shows reports whether the answer shows the user as in s.
func (o *Operation) shows(s state) bool {
	return o.Answer.Name == s.name && o.Answer.Version == s.version
}

// tell lists the operations by the time of their answers.
func tell(operations []Operation) string {
	sorted := slices.SortedFunc(slices.Values(operations), func(a, b Operation) int { return cmp.Compare(a.Return, b.Return) })
	lines := make([]string, len(sorted))
	for i, o := range sorted {
		lines[i] = "\t" + o.String()
	}
	return strings.Join(lines, "\n")
}
