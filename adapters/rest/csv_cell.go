package rest

import (
	"strings"
	"unicode"
)

// cellText is a text as a cell of CSV that people read. A spreadsheet would take a cell
// that begins with one of formulaSigns for a formula, and run it. An apostrophe before
// the sign makes it text.
//
// A spreadsheet skips spaces and quotes before the sign, and one that expects another
// separator than the comma begins a cell within the text.
func cellText(text string) string {
	if !strings.ContainsAny(text, formulaSigns) {
		return text
	}
	var cell strings.Builder
	begins := true // nothing of a cell that counts has been written
	for _, r := range text {
		if begins && strings.ContainsRune(formulaSigns, r) {
			cell.WriteByte('\'')
		}
		cell.WriteRune(r)
		switch {
		case strings.ContainsRune(";|\t\r\n", r):
			begins = true
		case r != '"' && !isInvisibleInCell(r):
			begins = false
		}
	}
	return cell.String()
}

// formulaSigns begin a formula in some spreadsheet: those of OWASP's "CSV Injection",
// with the wide forms that East Asian keyboards write.
const formulaSigns = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"

// isInvisibleInCell reports whether a spreadsheet may skip r at the beginning of a cell.
func isInvisibleInCell(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r)
}
