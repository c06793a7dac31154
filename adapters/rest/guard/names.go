package guard

import (
	"bufio"
	"bytes"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// ParseHost returns the name by which browsers and other clients send a host that
// somebody wrote: in lower case, in ASCII (IDNA), without a dot at the end. "*" stays.
// The error says what no request can match, and what to write.
func ParseHost(text string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "*":
		return text, nil
	case text == "":
		return "", errors.New("is empty; remove the comma too many")
	case strings.Contains(text, "://"):
		return "", errors.New("has a scheme; write only the host, as in roster.example.com")
	case strings.ContainsAny(text, "/?#@"):
		return "", errors.New("is more than a host; write only the host, as in roster.example.com")
	}
	bare, bracketed := text, strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]")
	if bracketed {
		bare = text[1 : len(text)-1]
	}
	if _, err := netip.ParseAddr(bare); strings.Contains(bare, ":") && err != nil {
		return "", errors.New("has a port; write only the host, as in roster.example.com: any port of it is allowed")
	}
	return parseName(bare)
}

// ParseOrigin returns the origin as browsers send it: scheme and host in lower case, the
// host in ASCII (IDNA), without the port that is the default of the scheme. "*" stays.
// The error says what no page can have, and what to write.
func ParseOrigin(text string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "*":
		return text, nil
	case text == "":
		return "", errors.New("is empty; remove the comma too many")
	case strings.EqualFold(text, "null"):
		return "", errors.New("is the origin of any sandboxed page and local file; serve the page from a host and write its origin")
	case !strings.Contains(text, "://"):
		return "", errors.New("has no scheme; write it as in https://app.example.com")
	}
	scheme, rest, _ := strings.Cut(text, "://")
	authority, path, _ := strings.Cut(rest, "/")
	if path != "" || strings.ContainsAny(rest, "?#@\\") {
		return "", errors.New("is more than an origin; write scheme, host and port only, as in https://app.example.com")
	}
	parsed, err := url.Parse(scheme + "://" + strings.ReplaceAll(authority, "*", "x"))
	if err != nil || parsed.Scheme == "" || authority == "" {
		return "", errors.New("is not an origin; write it as in https://app.example.com or http://[::1]:8080")
	}
	host, port := authority, parsed.Port()
	if at := strings.LastIndexByte(authority, ':'); at > strings.LastIndexByte(authority, ']') {
		host = authority[:at]
	}
	name, err := parseName(strings.Trim(host, "[]"))
	if err != nil {
		return "", err
	}
	return joinOrigin(parsed.Scheme, name, port)
}

// joinOrigin writes an origin as browsers do.
func joinOrigin(scheme, name, port string) (string, error) {
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	}
	if port != "" {
		number, err := strconv.ParseUint(port, 10, 16)
		if err != nil || number == 0 {
			return "", errors.New("has a port that is not from 1 to 65535; correct it, or leave it out")
		}
		port = strconv.FormatUint(number, 10)
	}
	if port != "" && defaultPorts[scheme] != port {
		name += ":" + port
	}
	return scheme + "://" + name, nil
}

var defaultPorts = map[string]string{"http": "80", "https": "443"}

// parseName returns the name of a host, or its address, as clients send it.
func parseName(text string) (string, error) {
	if address, err := netip.ParseAddr(text); err == nil {
		if address.Zone() != "" {
			return "", errors.New("has a zone, which no request names; leave out what follows the %")
		}
		return address.String(), nil
	}
	if strings.Contains(text, "*") {
		return "", errors.New("has an asterisk, and only a single * stands for others; list each name, or write * for any")
	}
	name, err := asSent(strings.TrimSuffix(text, "."))
	if err != nil || !isName(name) {
		return "", errors.New("is not the name of a host; write it as in app.example.com")
	}
	labels := strings.Split(name, ".")
	if last := labels[len(labels)-1]; strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x") {
		return "", errors.New("is not an address that a client sends; write all four numbers, as in 192.0.2.7")
	}
	return name, nil
}

// asSent returns the name of a host as a client sends it. net/http writes names in
// ASCII; a request that it has written is read again.
func asSent(name string) (string, error) {
	sent := &http.Request{Method: http.MethodGet, URL: &url.URL{Scheme: "http", Host: name, Path: "/"}}
	var text bytes.Buffer
	if err := sent.Write(&text); err != nil {
		return "", err
	}
	received, err := http.ReadRequest(bufio.NewReader(&text))
	if err != nil {
		return "", err
	}
	return strings.ToLower(received.Host), nil
}

// isName reports whether a name in ASCII has the form of a host's. Underscores occur.
func isName(name string) bool {
	if len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return true
}
