// Package server starts Roster, and an OpenID provider, for browsers.
package server
