// Package page tests the page at /admin in Chromium: each flow by keyboard alone, with
// axe-core, on narrow screens, and against what attackers write into fields.
package page
