package porttest

import (
	"time"

	"github.com/roster-directory/roster/domain"
	"github.com/roster-directory/roster/ports"
)

// keyedCommand is a command that takes an idempotency key.
type keyedCommand struct {
	name string
	// prepare returns a function that sends the same command each time, and
	// returns the result as text. The result of a second execution differs.
	prepare func(*fixture) sending
	// failing, unless nil, prepares a command that fails until it is repaired.
	failing func(*fixture) (send sending, repair func())
}

type sending func(*ports.Idempotency) (result string, err error)

// key is the idempotency key of most cases.
func key() *ports.Idempotency {
	return &ports.Idempotency{Caller: "ada", Operation: "do", Key: "k", Fingerprint: [32]byte{1, 31: 2}, At: begin}
}

func keyCases(commands []keyedCommand) []testCase {
	var cases []testCase
	for _, c := range commands {
		cases = append(cases,
			testCase{c.name + " sent again under its key runs once and has the same result", func(f *fixture) { repeats(f, c.prepare(f)) }},
			testCase{c.name + " under the key of another command is refused", func(f *fixture) {
				send := c.prepare(f)
				must[string](f)(send(key()))
				other := key()
				other.Fingerprint[31]++
				_, err := send(other)
				f.refused(err, domain.Invalid, domain.ReasonReused, "Idempotency-Key")
			}},
			testCase{c.name + " sent many times at once under one key runs once", func(f *fixture) { repeatsAtOnce(f, c.prepare(f)) }},
		)
		if c.failing != nil {
			cases = append(cases, testCase{c.name + " that fails leaves no key", func(f *fixture) {
				send, repair := c.failing(f)
				if result, err := send(key()); err == nil {
					f.Fatalf("it returned %s", result)
				}
				repair()
				other := key()
				other.Fingerprint[0]++
				must[string](f)(send(other))
			}})
		}
	}
	return cases
}

func repeats(f *fixture, send sending) {
	f.Helper()
	first := must[string](f)(send(key()))
	for _, later := range []time.Duration{0, time.Hour, ports.KeepKeys - time.Microsecond} {
		again := key()
		again.At = begin.Add(later)
		same(f, "the result "+later.String()+" later", must[string](f)(send(again)), first)
	}
	for what, change := range map[string]func(*ports.Idempotency){
		"another caller":    func(k *ports.Idempotency) { k.Caller = "ben" },
		"another operation": func(k *ports.Idempotency) { k.Operation = "undo" },
		"another key":       func(k *ports.Idempotency) { k.Key = "K" },
		"a key not kept":    func(k *ports.Idempotency) { k.At = begin.Add(ports.KeepKeys) },
	} {
		again := key()
		change(again)
		if result, err := send(again); err == nil && result == first {
			f.Errorf("%s: the result is the kept one", what)
		}
	}
}

func repeatsAtOnce(f *fixture, send sending) {
	f.Helper()
	results := make([]string, 20)
	// The store is busy with as many before, so that writers do overlap.
	atOnce(len(results), func(int) error {
		_, err := f.Users.UserByID(f.Context(), nobody)
		return err
	})
	faults := atOnce(len(results), func(i int) (err error) {
		results[i], err = send(key())
		return err
	})
	first := must[string](f)(send(key()))
	for i, err := range faults {
		if err != nil {
			f.refused(err, domain.Conflict, domain.ReasonInProgress, "Idempotency-Key")
		} else if results[i] != first {
			f.Errorf("one result is %s, another %s", results[i], first)
		}
	}
	if f.count(faults)[""] == 0 {
		f.Error("none ran")
	}
}
