// Package app holds Roster's use cases: concrete services over the interfaces
// of package ports. Every use case takes the caller, and asks domain's policy
// before it does anything; errors of the store pass through unchanged.
package app
