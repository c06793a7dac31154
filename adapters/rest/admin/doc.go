// Package admin serves the page at GET /admin: a program in the browser that shows and
// changes the directory through the HTTP API alone. Its sources are in the folder page;
// `make page` checks their types and bundles them into the folder assets.
package admin
