// Package rest is Roster's HTTP API: the handlers of docs/openapi.yaml, and the
// middleware around them, on net/http alone. An edge mounts the API on a router
// (see ginedge); package resttest holds the suite that an edge must pass.
//
// The requests, the routes and the statuses that each handler may answer are
// generated from the document. A route without a handler does not compile.
package rest

//go:generate go tool -modfile=../../internal/tools/go.mod oapi-codegen -config oapi-codegen.yaml ../../docs/openapi.yaml
