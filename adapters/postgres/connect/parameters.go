package connect

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// taken are the parameters that an address may have, besides those in neutral.
var taken = []string{
	"user", "krbsrvname", "krbspn", "default_query_exec_mode", "statement_cache_capacity", "description_cache_capacity",
}

// refused are parameters that other programs or drivers know, with what to do
// instead.
var refused = map[string]string{
	"connection_limit":                    "set ROSTER_POOL_MAX_CONNS instead",
	"pool_size":                           "set ROSTER_POOL_MAX_CONNS instead",
	"pool_max_conns":                      "set ROSTER_POOL_MAX_CONNS instead",
	"pool_min_idle_conns":                 "set ROSTER_POOL_MIN_IDLE_CONNS instead",
	"pool_min_conns":                      "set ROSTER_POOL_MIN_IDLE_CONNS instead",
	"pool_max_conn_lifetime":              "set ROSTER_POOL_LIFETIME instead",
	"pool_max_conn_lifetime_jitter":       "set ROSTER_POOL_LIFETIME_JITTER instead",
	"pool_max_conn_idle_time":             "set ROSTER_POOL_IDLE_TIME instead",
	"connect_timeout":                     "set ROSTER_CONNECT_TIMEOUT instead",
	"statement_timeout":                   "set ROSTER_STATEMENT_TIMEOUT instead",
	"socket_timeout":                      "set ROSTER_STATEMENT_TIMEOUT instead",
	"lock_timeout":                        "set ROSTER_LOCK_TIMEOUT instead",
	"idle_in_transaction_session_timeout": "set ROSTER_IDLE_IN_TRANSACTION_TIMEOUT instead",
	"pgbouncer":                           "remove it: Roster finds a pooler by itself",
	"schema":                              "remove it: the schema is always roster",
	"currentSchema":                       "remove it: the schema is always roster",
	"search_path":                         "remove it: the schema is always roster",
	"client_encoding":                     "remove it: the encoding is always UTF8",
	"charset":                             "remove it: the encoding is always UTF8",
	"timezone":                            "remove it: the time zone is always UTC",
	"sslaccept":                           "write sslmode=require instead, or sslmode=verify-full to check the certificate",
	"ssl":                                 "write sslmode=require or sslmode=disable instead",
	"hostaddr":                            "write the address as host",
	"service":                             "write what the service file says into the address",
	"servicefile":                         "write what the service file says into the address",
	"options":                             "remove it: give the role its settings with ALTER ROLE … SET",
}

// modes are values of sslmode that others know, with the ones to write instead.
var modes = map[string]string{
	"no-verify": "require", "true": "require", "1": "require", "yes": "require", "on": "require", "required": "require",
	"preferred": "prefer", "verify_ca": "verify-ca", "verify_full": "verify-full", "verify_identity": "verify-full",
	"false": "disable", "0": "disable", "no": "disable", "off": "disable", "disabled": "disable",
}

// checkParameters names every parameter of an address that Roster does not take.
func checkParameters(given map[string]string) error {
	var faults []string
	for _, name := range slices.Sorted(maps.Keys(given)) {
		_, known := neutral[name]
		instead, other := refused[name]
		switch {
		case other:
			faults = append(faults, fmt.Sprintf("%s (%s)", name, instead))
		case !known && !slices.Contains(taken, name):
			faults = append(faults, name+" (remove it: it is no parameter of a connection; settings of a role are for ALTER ROLE … SET)")
		}
	}
	if len(faults) > 0 {
		faults = []string{"it has parameters that Roster does not take: " + strings.Join(faults, ", ")}
	}
	if fault := checkMode(given["sslmode"]); fault != "" {
		faults = append(faults, fault)
	}
	if len(faults) == 0 {
		return nil
	}
	return fmt.Errorf("%s", strings.Join(faults, "; and "))
}

func checkMode(mode string) string {
	known := []string{"", "disable", "allow", "prefer", "require", "verify-ca", "verify-full"}
	if slices.Contains(known, mode) {
		return ""
	}
	if instead := modes[strings.ToLower(mode)]; instead != "" {
		return fmt.Sprintf("sslmode=%s is unknown: write sslmode=%s", mode, instead)
	}
	return fmt.Sprintf("sslmode=%s is unknown: write one of %s", mode, strings.Join(known[1:], ", "))
}
