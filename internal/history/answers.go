package history

import (
	"errors"
	"fmt"
)

// checkAnswers finds answers to another question than the one asked: each
// write has a name of its own, and each answer shows the user's id.
func checkAnswers(operations []Operation) error {
	var faults []error
	for _, o := range operations {
		if o.Outcome != Done || o.Kind == Delete {
			continue
		}
		if o.Answer.ID != o.ID || o.Kind != Read && o.Answer.Name != o.Name {
			faults = append(faults, fmt.Errorf("another's answer: %s", o))
		}
	}
	return few(faults)
}

// few keeps the first errors: one fault may show in a thousand answers.
func few(faults []error) error {
	const most = 5
	if len(faults) > most {
		faults = append(faults[:most:most], fmt.Errorf("and %d more", len(faults)-most))
	}
	return errors.Join(faults...)
}

// String tells of the operation in a line.
func (o Operation) String() string {
	text := fmt.Sprintf("[%d, %d] client %d: %s %s", o.Call, o.Return, o.Client, o.Kind, o.ID)
	if o.Name != "" {
		text += " as " + o.Name
	}
	if o.IfMatch != 0 {
		text += fmt.Sprintf(" if version %d", o.IfMatch)
	}
	text += ": " + string(o.Outcome)
	if o.Outcome == Done && o.Kind != Delete {
		text += fmt.Sprintf(" %s %s version %d", o.Answer.ID, o.Answer.Name, o.Answer.Version)
	}
	return text
}
