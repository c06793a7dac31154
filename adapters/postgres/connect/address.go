package connect

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/user"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
)

// neutral has a value for each parameter of an address that the driver would
// otherwise take from a variable, or from a file in the home folder.
var neutral = map[string]string{
	"host": "", "port": "", "database": "", "password": "", "passfile": "", "application_name": "", "connect_timeout": "0",
	"sslmode": "prefer", "sslcert": "", "sslkey": "", "sslcertmode": "allow", "sslrootcert": "", "sslpassword": "",
	"sslsni": "1", "sslnegotiation": "", "channel_binding": "prefer", "require_auth": "",
	"target_session_attrs": "any", "min_protocol_version": "", "max_protocol_version": "", "options": "", "timezone": "UTC",
}

// variables are the environment variables of libpq that the driver reads.
var variables = []string{
	"PGAPPNAME", "PGCHANNELBINDING", "PGCONNECT_TIMEOUT", "PGDATABASE", "PGHOST", "PGMAXPROTOCOLVERSION", "PGMINPROTOCOLVERSION",
	"PGOPTIONS", "PGPASSFILE", "PGPASSWORD", "PGPORT", "PGREQUIREAUTH", "PGSERVICE", "PGSERVICEFILE", "PGSSLCERT", "PGSSLCERTMODE",
	"PGSSLKEY", "PGSSLMODE", "PGSSLNEGOTIATION", "PGSSLPASSWORD", "PGSSLROOTCERT", "PGSSLSNI", "PGTARGETSESSIONATTRS", "PGTZ", "PGUSER",
}

// Variables are the environment variables that libpq reads, and that have no effect.
func Variables() []string { return slices.Clone(variables) }

// Parse reads the address of a database: a URL or a keyword string. It reads no
// variable and no file that the address does not name. The error names every
// parameter that Roster does not take, and what to do instead.
//
// It fails if the variable PGSERVICE is set: the driver can't be told to ignore it.
func Parse(address string) (*pgxpool.Config, error) {
	if service := os.Getenv("PGSERVICE"); service != "" {
		return nil, fmt.Errorf("the environment variable PGSERVICE is %q, and would replace parts of the address: unset it", service)
	}
	given, err := read(address)
	if err != nil {
		return nil, err
	}
	if err := checkParameters(given); err != nil {
		return nil, err
	}
	all := maps.Clone(neutral)
	maps.Copy(all, given)
	if all["user"] == "" {
		current, err := user.Current()
		if err != nil {
			return nil, errors.New("the address names no user, and the user of this process has no name: " +
				"write it as in postgres://user@host/database")
		}
		all["user"] = current.Username
	}
	config, err := pgxpool.ParseConfig(keywords(all))
	if err != nil {
		return nil, parseError(err)
	}
	for _, name := range []string{"options", "application_name"} {
		if parameters := config.ConnConfig.RuntimeParams; parameters[name] == "" {
			delete(parameters, name)
		}
	}
	return config, nil
}

// keywords writes parameters as a keyword string.
func keywords(parameters map[string]string) string {
	escape := strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		fmt.Fprintf(&text, "%s='%s' ", name, escape.Replace(parameters[name]))
	}
	return text.String()
}

// addressError is an error of the driver without the address, which holds a password.
type addressError struct {
	text  string
	cause error
}

func (e *addressError) Error() string { return e.text }

// Unwrap returns the driver's error.
func (e *addressError) Unwrap() error { return e.cause }

func parseError(err error) error {
	text := err.Error()
	if _, after, found := strings.Cut(text, "`: "); found {
		text = after
	}
	return &addressError{text, err}
}
