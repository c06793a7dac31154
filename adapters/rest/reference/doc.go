// Package reference is the contract as programs and people read it: the
// document as JSON, and a page that shows it in a browser. All files are in the
// program, and the page asks no other host for anything.
//
// The page is Swagger UI, whose files, version and licence are in the folder
// assets; internal/tools/vendor-swagger-ui puts them there.
package reference

//go:generate go run -C ../../../internal/tools/contract ./tojson ../../../docs/openapi.yaml ../../../adapters/rest/reference/contract.json
//go:generate cp ../../../docs/roster.svg assets/roster.svg
