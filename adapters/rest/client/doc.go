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
// WithToken sends an API key, and WithTokenSource a token that changes, such as an
// access token of a provider:
//
//	roster, err := client.NewClientWithResponses("https://directory.example.com",
//		client.WithToken(os.Getenv("TOKEN")))
//
// A token goes to that server only, also after redirects, and never in plain HTTP to
// another machine.
//
// The client sends each request once. After a response with the status 429 or 503, send
// it again after as many seconds as the header Retry-After says.
//
// WithHTTPClient sets timeouts and transports. Without it, only the context ends
// a request. WithRequestEditorFn adds something to every request, such as a header.
//
// Use the plain client for bulk streams, since it does not read whole responses:
// NewClient, Client.ExportCollection and Client.ImportCollectionWithBody.
package client

//go:generate go tool -modfile=../../../internal/tools/go.mod oapi-codegen -config oapi-codegen.yaml ../../../docs/openapi.yaml
