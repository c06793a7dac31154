// Package app holds Roster's use cases: concrete services over the interfaces of
// package ports. Every use case takes the caller, and checks domain's policy
// before anything else. Errors of the store pass through unchanged.
//
// A use case has an input type of its own where it completes the command of the
// port with the caller, the time or an id: CreateUser, ReplaceUser, AddEvents.
// The input holds only what its caller decides. A use case that passes a command
// on as it is takes the type of the port: ports.ListUsers, ports.PutPlan.
package app
