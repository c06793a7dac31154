// Package history checks the responses that concurrent clients of a directory
// received. Each user must have changed as if all requests had been served one after
// the other, each at a moment between the request and its response (linearizability).
// Lists must be complete, and each client must receive the response to its request.
package history

import "errors"

// Kind is the kind of a request.
type Kind string

// The kinds.
const (
	Create  Kind = "create"
	Read    Kind = "read"
	Replace Kind = "replace"
	Delete  Kind = "delete"
)

// Outcome is the effect of a request, by its response.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"    // it succeeded, and a write took effect
	Missing Outcome = "missing" // the user does not exist
	Stale   Outcome = "stale"   // the user has another version than the request expects
	Unknown Outcome = "unknown" // no response: it may take effect at any time, or never
)

// User is a user in a response.
type User struct {
	ID, Name string
	Version  int64
}

// Operation is a request about one user. Call and Return are the times of the request
// and its response by one monotonic clock.
type Operation struct {
	Client       int
	Kind         Kind
	ID           string // the user of the request; for a create the new user
	Name         string // the name to write, which no other request writes
	IfMatch      int64  // the version that a write expects, or 0
	Call, Return int64
	Outcome      Outcome
	Received     User // the user in the response if Outcome is Done and Kind not Delete
}

// List is the whole list of users, read page by page.
type List struct {
	Client       int
	Call, Return int64
	Users        []User
}

// History is the requests and their responses. A create without a response is not an
// operation, since its user's id is unknown; Unsure has its name.
type History struct {
	Operations []Operation
	Lists      []List
	// Unsure has the names of creates without a response.
	Unsure map[string]bool
}

// Check returns the responses that no correct directory would send, or nil.
func (h *History) Check() error {
	users := byUser(h.Operations)
	return errors.Join(checkResponses(h.Operations), checkUsers(users), checkLists(users, h))
}

// byUser groups the operations by their user.
func byUser(operations []Operation) map[string][]Operation {
	users := map[string][]Operation{}
	for _, o := range operations {
		users[o.ID] = append(users[o.ID], o)
	}
	return users
}
