// Package history checks what concurrent clients of a directory were told: that
// each user changed as if all requests had come one after the other, each at
// some moment between its question and its answer (linearizability), that lists
// lack nobody, and that everybody got the answer to his own question.
package history

import "errors"

// Kind is what a request asks for.
type Kind string

// The kinds.
const (
	Create  Kind = "create"
	Read    Kind = "read"
	Replace Kind = "replace"
	Delete  Kind = "delete"
)

// Outcome is what came of a request.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"    // it was answered, a write with its effect
	Missing Outcome = "missing" // there is no such user
	Stale   Outcome = "stale"   // the version is not the one that the request expects
	Unknown Outcome = "unknown" // no answer: it may take effect at any time, or never
)

// User is a user as an answer shows it.
type User struct {
	ID, Name string
	Version  int64
}

// Operation is a request that concerns one user. Call and Return are moments of
// one clock that never goes back.
type Operation struct {
	Client       int
	Kind         Kind
	ID           string // the user asked for; of a create the one that was made
	Name         string // the name to write, which no other request writes
	IfMatch      int64  // the version that a write expects, or 0
	Call, Return int64
	Outcome      Outcome
	Answer       User // what Done showed; nothing for a delete
}

// List is a complete walk through the list of users.
type List struct {
	Client       int
	Call, Return int64
	Users        []User
}

// History is what happened. Users whose create is not in it, since nobody knows
// whether they were made, are heeded nowhere but by Unsure.
type History struct {
	Operations []Operation
	Lists      []List
	// Unsure holds the names of creates without an answer.
	Unsure map[string]bool
}

// Check returns what no correct directory would have answered, or nil.
func (h *History) Check() error {
	users := byUser(h.Operations)
	return errors.Join(checkAnswers(h.Operations), checkUsers(users), checkLists(users, h))
}

// byUser parts the operations by the user that they concern.
func byUser(operations []Operation) map[string][]Operation {
	users := map[string][]Operation{}
	for _, o := range operations {
		users[o.ID] = append(users[o.ID], o)
	}
	return users
}
