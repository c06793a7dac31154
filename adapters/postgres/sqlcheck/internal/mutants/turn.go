package mutants

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
)

// atOnce is how many mutants are looked at together: much of the time the
// server copies a database, or waits for a session to end.
const atOnce = 4

// inTurn mutates all subjects, prints progress, and returns the mutants in the order
// of the subjects.
func inTurn[T fmt.Stringer](
	ctx context.Context, progress io.Writer, subjects []T, mutate func(context.Context, T) ([]Mutant, error),
) ([]Mutant, error) {
	var mu sync.Mutex
	done := 0
	mutants := make([][]Mutant, len(subjects))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, subject := range subjects {
		group.Go(func() (err error) {
			if mutants[i], err = mutate(ctx, subject); err != nil {
				return fmt.Errorf("%s: %w", subject, err)
			}
			mu.Lock()
			defer mu.Unlock()
			done++
			printProgress(progress, fmt.Sprintf("%d of %d: %s", done, len(subjects), subject), mutants[i])
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(mutants...), nil
}

// printProgress prints what was mutated, and which mutants survived.
func printProgress(progress io.Writer, subject string, all []Mutant) {
	text := subject + "\n"
	for _, m := range all {
		if m.Check == Survived {
			text += fmt.Sprintf("survived: %s of %s %s; named %v, missed %v\n", m.Kind, m.Target, m.Change, m.Named, m.Missed)
		}
	}
	_, _ = io.WriteString(progress, text) // the report has it too
}
