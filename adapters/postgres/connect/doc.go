// Package connect makes connections that depend on nothing but their address.
//
// Parse reads an address, and neither the environment nor the files of libpq.
// Prepare lets each connection of a pool state the settings of its session, so that
// the defaults of a database or a role change nothing, and refuses what Roster can't
// work with. Transient and Cure say what can be done about a failure.
package connect
