package domain

import (
	"net/netip"
	"strings"
)

// Email is a mailbox of RFC 5321 without a quoted local part, at most 254 bytes.
// Its domain is in lower case, an internationalized one as A-labels.
type Email struct{ text string }

const emailFix = "send an address such as ada@example.com"

// ParseEmail reads an email address and converts its domain to lower case. The
// error is Invalid and names "email".
func ParseEmail(text string) (Email, error) {
	at := strings.LastIndexByte(text, '@')
	switch {
	case text == "":
		return Email{}, invalid(ReasonMissing, "email", emailFix, "is empty")
	case len(text) > 254:
		return Email{}, invalid(ReasonRange, "email", "shorten it", "has %d bytes; 254 is the most", len(text))
	case at < 0:
		return Email{}, invalid(ReasonSyntax, "email", emailFix, "%s has no '@'", quote(text))
	case at > 64:
		return Email{}, invalid(ReasonRange, "email", "shorten the part before the '@'", "has %d bytes before the '@'; 64 is the most", at)
	}
	if why := localFault(text[:at]); why != "" {
		return Email{}, invalid(ReasonSyntax, "email", emailFix, "%s %s", quote(text), why)
	}
	host := fold(text[at+1:])
	if why := hostFault(host); why != "" {
		return Email{}, invalid(ReasonSyntax, "email", emailFix+"; write an international domain in its xn-- form", "%s %s", quote(text), why)
	}
	return Email{text[:at+1] + host}, nil
}

// String returns the address.
func (e Email) String() string { return e.text }

// Key returns the form that must be unique: ASCII letters in lower case.
func (e Email) Key() string { return fold(e.text) }

// localFault checks a Dot-string of RFC 5321, section 4.1.2.
func localFault(local string) string {
	for part := range strings.SplitSeq(local, ".") {
		if part == "" {
			return "has an empty part before the '@'"
		}
		for i := range len(part) {
			if c := part[i]; !isAlnum(c) && strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) < 0 {
				return "holds a character before the '@' that is not allowed"
			}
		}
	}
	return ""
}

// hostFault checks a Domain or an address literal of RFC 5321, section 4.1.2.
func hostFault(host string) string {
	if literal, ok := strings.CutPrefix(host, "["); ok {
		return literalFault(literal)
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 {
			return "has a domain label that is empty or longer than 63 bytes"
		}
		if label[0] == '-' || label[len(label)-1] == '-' {
			return "has a domain label that starts or ends with '-'"
		}
		for i := range len(label) {
			if c := label[i]; !isAlnum(c) && c != '-' {
				return "holds a character in its domain that is not allowed"
			}
		}
	}
	return ""
}

func literalFault(literal string) string {
	address, closed := strings.CutSuffix(literal, "]")
	six, isSix := strings.CutPrefix(address, "ipv6:")
	parsed, err := netip.ParseAddr(six)
	if !closed || err != nil || parsed.Is6() != isSix || parsed.Zone() != "" {
		return "has an address literal that is not an IP address in brackets"
	}
	return ""
}
