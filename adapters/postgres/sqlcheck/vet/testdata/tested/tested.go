// Package tested has tests that send SQL.
package tested
