package connect

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// read returns the parameters that an address gives, by the driver's names for them.
func read(address string) (map[string]string, error) {
	if strings.ContainsRune(address, 0) {
		return nil, errors.New("the address holds a zero byte")
	}
	for _, scheme := range []string{"postgres://", "postgresql://"} {
		if rest, isURL := strings.CutPrefix(address, scheme); isURL {
			return readURL(rest)
		}
	}
	return readKeywords(address)
}

// given is parameters by name.
type given map[string]string

// set adds a part of a URL.
func (g given) set(name, escaped string) error {
	value, err := url.PathUnescape(escaped)
	if err != nil {
		return fmt.Errorf("the %s has a %% that begins no escape: write %%25 for a %%", name)
	}
	g[name] = value
	return nil
}

// readURL reads what follows the scheme of a URL. As in libpq, it may name several
// hosts: h1:5432,h2:5432.
func readURL(text string) (map[string]string, error) {
	parameters := given{}
	text, query, _ := strings.Cut(text, "?")
	authority, database, _ := strings.Cut(text, "/")
	if user, hosts, found := strings.Cut(authority, "@"); found {
		authority = hosts
		name, password, _ := strings.Cut(user, ":")
		if err := errors.Join(parameters.set("user", name), parameters.set("password", password)); err != nil {
			return nil, err
		}
	}
	hosts, ports := splitHosts(authority)
	if err := errors.Join(parameters.set("host", hosts), parameters.set("port", ports), parameters.set("database", database)); err != nil {
		return nil, err
	}
	return parameters, parameters.readQuery(query)
}

// splitHosts returns the hosts and the ports of an authority, each separated by
// commas.
func splitHosts(authority string) (hosts, ports string) {
	var hostList, portList []string
	hasPort := false
	for one := range strings.SplitSeq(authority, ",") {
		host, port := one, ""
		if colon := strings.LastIndex(one, ":"); colon > strings.LastIndex(one, "]") {
			host, port = one[:colon], one[colon+1:]
		}
		hasPort = hasPort || port != ""
		hostList = append(hostList, strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
		portList = append(portList, port)
	}
	if hasPort {
		ports = strings.Join(portList, ",")
	}
	return strings.Join(hostList, ","), ports
}

// readQuery reads the parameters of a URL.
func (g given) readQuery(query string) error {
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		name, value, found := strings.Cut(pair, "=")
		if !found {
			return fmt.Errorf("the parameter %s has no value: write %s=VALUE", name, name)
		}
		name = canonical(name)
		if err := g.set(name, value); err != nil {
			return err
		}
		if name == "ssl" && g["ssl"] == "true" { // as JDBC writes it
			g["sslmode"] = "require"
			delete(g, "ssl")
		}
	}
	return nil
}

// canonical is the driver's name of a parameter.
func canonical(name string) string {
	if name == "dbname" {
		return "database"
	}
	return name
}

// readKeywords reads a keyword string, such as host=db user=roster.
func readKeywords(text string) (map[string]string, error) {
	const spaces = " \t\n\r\v\f"
	parameters := map[string]string{}
	for text = strings.TrimLeft(text, spaces); text != ""; text = strings.TrimLeft(text, spaces) {
		name, rest, found := strings.Cut(text, "=")
		name = strings.Trim(name, spaces)
		if !found || name == "" || strings.ContainsAny(name, spaces) {
			return nil, errors.New("it is neither a URL nor of the form name=value: write postgres://user:password@host/database")
		}
		value, after, err := keywordValue(strings.TrimLeft(rest, spaces))
		if err != nil {
			return nil, fmt.Errorf("the parameter %s: %w", name, err)
		}
		parameters[canonical(name)], text = value, after
	}
	return parameters, nil
}

// keywordValue returns a value, without quotes and escapes, and the text after it.
func keywordValue(text string) (value, after string, err error) {
	quoted := strings.HasPrefix(text, "'")
	var read strings.Builder
	at := 0
	if quoted {
		at = 1
	}
	for ; at < len(text); at++ {
		switch c := text[at]; {
		case c == '\\' && at+1 < len(text):
			at++
			read.WriteByte(text[at])
		case quoted && c == '\'':
			return read.String(), text[at+1:], nil
		case !quoted && strings.IndexByte(" \t\n\r\v\f", c) >= 0:
			return read.String(), text[at:], nil
		default:
			read.WriteByte(c)
		}
	}
	if quoted {
		return "", "", errors.New("a quote is not closed")
	}
	return read.String(), "", nil
}
