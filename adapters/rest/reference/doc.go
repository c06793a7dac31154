// Package reference serves the contract: the document as JSON for programs, and a
// page that shows it in a browser. The program contains all files, and the page
// needs no other host.
//
// The page is Swagger UI. Its files, version and licence are in the folder assets;
// internal/tools/vendor-swagger-ui puts them there.
package reference

//go:generate go run -C ../../../internal/tools/contract ./tojson ../../../docs/openapi.yaml ../../../adapters/rest/reference/contract.json
//go:generate cp ../../../docs/roster.svg assets/roster.svg
