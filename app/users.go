package app

import "github.com/roster-directory/roster/ports"

// Users is the service for users.
type Users struct {
	store ports.Users
	clock ports.Clock
	ids   ports.IDs
}

// NewUsers makes the service.
func NewUsers(store ports.Users, clock ports.Clock, ids ports.IDs) *Users {
	return &Users{store: store, clock: clock, ids: ids}
}
