//go:build !unix

package postgres

// readable does not know on this system. A connection that the server ended is
// then found out by its next use.
func readable(uintptr) bool { return false }
