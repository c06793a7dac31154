package history

import (
	"errors"
	"fmt"
)

// checkResponses finds responses to other requests: each write has a unique name, and
// each response has the id of the request's user.
func checkResponses(operations []Operation) error {
	var faults []error
	for _, o := range operations {
		if o.Outcome != Done || o.Kind == Delete {
			continue
		}
		if o.Received.ID != o.ID || o.Kind != Read && o.Received.Name != o.Name {
			faults = append(faults, fmt.Errorf("the response to another request: %s", o))
		}
	}
	return firstFew(faults)
}

// firstFew joins the first errors, since one fault may cause a thousand of them.
func firstFew(faults []error) error {
	const limit = 5
	if len(faults) > limit {
		faults = append(faults[:limit:limit], fmt.Errorf("and %d more", len(faults)-limit))
	}
	return errors.Join(faults...)
}

// String returns the operation as a line of text.
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
		text += fmt.Sprintf(" %s %s version %d", o.Received.ID, o.Received.Name, o.Received.Version)
	}
	return text
}
