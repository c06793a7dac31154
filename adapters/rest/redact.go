package rest

import (
	"regexp"
	"strings"
)

// personal matches what the text of a database or driver may hold of people and
// secrets: addresses, tokens, and passwords in URLs and connection strings.
var personal = regexp.MustCompile(`(?i)(://[^\s/@:]*:)[^\s/]*@` +
	`|\b((?:bearer|basic)\s+)[\w.~+/=-]+` +
	`|\b((?:password|passwd|secret|token)\s*[=:]\s*)(?:'[^']*'|"[^"]*"|[^\s,;)]+)` +
	`|\broster_[0-9A-Za-z]{20,}_[0-9A-Za-z]{20,}` +
	`|\beyJ[\w-]+\.[\w-]+\.[\w-]*` +
	`|[^\s"'` + "`" + `()<>,;:=\\]+@[^\s"'` + "`" + `()<>,;:=\\]+`)

// redacted returns the text of err for a log, without personal data and secrets.
func redacted(err error) string {
	text := err.Error()
	if !strings.ContainsAny(text, "@=: ") {
		return text
	}
	return personal.ReplaceAllString(text, "${1}${2}${3}[removed]")
}
