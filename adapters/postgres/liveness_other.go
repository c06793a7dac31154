//go:build !unix

package postgres

// readable can't tell on this system. So only the next use of a connection fails if
// the server has closed it.
func readable(uintptr) bool { return false }
