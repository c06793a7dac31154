package snapshot

import (
	"go/token"
	"strings"
	"unicode"
)

// FieldName is the name that Go would give a struct's field for a column:
// external_id is ExternalID.
func FieldName(column string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(column, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if upper := strings.ToUpper(word); initialisms[upper] {
			b.WriteString(upper)
			continue
		}
		runes := []rune(word)
		runes[0] = unicode.ToUpper(runes[0])
		b.WriteString(string(runes))
	}
	if name := b.String(); token.IsExported(name) {
		return name
	}
	return "X" + b.String()
}

// initialisms are written in capitals, as Go does.
var initialisms = map[string]bool{
	"API": true, "CPU": true, "CSS": true, "DNS": true, "EOF": true, "HTML": true, "HTTP": true, "HTTPS": true, "ID": true,
	"IP": true, "JSON": true, "SKU": true, "SQL": true, "SSH": true, "TCP": true, "TLS": true, "TTL": true, "UDP": true,
	"UI": true, "UID": true, "URI": true, "URL": true, "UTC": true, "UUID": true, "XML": true,
}
