// Package flags makes flags and environment variables of the fields of structs.
//
// A field is told of by its tags:
//
//	help         what it means
//	name         the flag, without dashes; the field's name with dashes unless given
//	env          the variable
//	default      the value where neither is set
//	enum         the values that are allowed, with commas
//	negatable    --no-NAME is a flag, too
//	placeholder  what stands for the value in the help
//	redact       how the value is shown: "url" and "all" hide secrets
//	arg          it is an argument instead of a flag
//
// A field that is a struct stands for its fields; its tag group is the heading
// above them. A field that is a pointer is left out: a struct that several
// commands share has its flags once.
//
// The package asks for no method by name, so that the linker can leave out
// methods that nobody calls: a quarter of the program.
package flags
