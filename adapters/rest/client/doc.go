// Package client calls Roster's HTTP API. It is generated from
// docs/openapi.yaml, one method for each operation:
//
//	roster, err := client.NewClientWithResponses("http://127.0.0.1:3000")
//	response, err := roster.GetUserWithResponse(ctx, id, &client.GetUserParams{})
//
// The error of a method is that of the connection. The response has the result
// in JSON200 and the like, or the problem in ApplicationProblemJSONDefault; the
// other is nil. Headers, such as ETag and Link, are in HTTPResponse.Header.
//
// WithRequestEditorFn adds something to every request, such as a token.
// WithHTTPClient sets timeouts and transports. Without it, only the context ends
// a request.
//
// Use the plain client for bulk streams, since it does not read whole responses:
// NewClient, Client.ExportCollection and Client.ImportCollectionWithBody.
package client

//go:generate go tool -modfile=../../../internal/tools/go.mod oapi-codegen -config oapi-codegen.yaml ../../../docs/openapi.yaml
