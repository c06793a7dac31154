// Package domain holds Roster's values, entities and rules.
//
// Values parse: ParseEmail is the only way to make an Email, so code that has one
// need not check it again. The package knows nothing of storage, transport or
// configuration. It imports only the standard library and Unicode normalization.
package domain
