// Package domain holds Roster's values, entities and rules.
//
// Values parse: ParseEmail is the only way to an Email, so code that holds one
// need not check it again. The package knows nothing of storage, transport or
// configuration; it imports the standard library and Unicode normalization only.
package domain
