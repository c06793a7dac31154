// Package client calls Roster's HTTP API. It is generated from
// docs/openapi.yaml, an operation a method:
//
//	roster, err := client.NewClientWithResponses("http://127.0.0.1:3000")
//	answer, err := roster.GetUserWithResponse(ctx, id, &client.GetUserParams{})
//
// The error of a method is that of the connection. What Roster says is in the
// answer: JSON200 and the like hold what was asked for, and
// ApplicationProblemJSONDefault why it was refused; of the two, one is nil.
// Headers, such as ETag and Link, are in HTTPResponse.Header.
//
// Whatever goes with every request, such as a token, is added by
// WithRequestEditorFn. WithHTTPClient sets timeouts and transports: without
// it, a request ends with its context alone.
//
// Bulk streams are for the plain client, whose answers are not read whole:
// NewClient, Client.ExportCollection and Client.ImportCollectionWithBody.
package client

//go:generate go tool -modfile=../../../internal/tools/go.mod oapi-codegen -config oapi-codegen.yaml ../../../docs/openapi.yaml
