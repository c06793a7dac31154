// Package webhook posts entries of the log to the URLs of webhooks, as Standard Webhooks
// 1.0.0 says. The body is the entry as a CloudEvent; it names who and what changed, and
// holds no value, so that the receiver reads those with its own rights.
//
// A URL comes from a caller, and must not lead where the caller could not go. The address
// is checked when the connection is made, after the name was resolved: a name that is
// checked before may mean another address then (DNS rebinding). Redirects are not
// followed, and no proxy of the environment is used.
package webhook
