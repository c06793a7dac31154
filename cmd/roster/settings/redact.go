package settings

import (
	"net/url"
	"regexp"
	"strings"
)

const hidden = "xxxxx"

var (
	keywordPassword = regexp.MustCompile(`(?i)(\b(?:ssl)?password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&]*)`)
	userInfo        = regexp.MustCompile(`://[^/?#]*@`)
)

// Redact returns the address of a database, a URL or keyword string, without
// its passwords.
func Redact(address string) string {
	parsed, err := url.Parse(address)
	switch {
	case err == nil && parsed.User != nil:
		if _, secret := parsed.User.Password(); secret {
			parsed.User = url.UserPassword(parsed.User.Username(), hidden)
		}
		address = parsed.String()
	case strings.Contains(address, "://"):
		// In an invalid URL the password may be anywhere before the last @.
		address = userInfo.ReplaceAllString(address, "://"+hidden+"@")
		if at := strings.LastIndex(address, "@"); at >= 0 && err != nil {
			address = address[:strings.Index(address, "://")] + "://" + hidden + address[at:]
		}
	}
	return keywordPassword.ReplaceAllString(address, "${1}"+hidden)
}
