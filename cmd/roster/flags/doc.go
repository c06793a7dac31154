// Package flags turns the fields of structs into flags and environment variables.
//
// Tags describe a field:
//
//	help         the description of a field without a variable
//	name         the flag without dashes; by default the field's name with dashes
//	env          the environment variable
//	default      the value if neither the flag nor the variable is set
//	enum         the allowed values, separated by commas
//	negatable    the flag --no-NAME exists, too
//	placeholder  the word for the value in the help
//	redact       how to show a secret value: "url" or "all"
//	arg          the field is an argument, not a flag; with "rest", all that remain
//
// The fields of a struct within the struct are flags, too. The tag group is their
// heading in the help. Pointers are left out, so that commands which share a
// struct have its flags once.
//
// The Kong library does the same and more. But it looks methods up by name at run
// time, so that the Go linker can't remove unused methods from the program. This
// package in its place made the program a quarter smaller.
package flags
