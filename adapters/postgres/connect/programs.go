package connect

import (
	"maps"
)

// ofDriver are parameters that only the driver knows.
var ofDriver = []string{"default_query_exec_mode", "statement_cache_capacity", "description_cache_capacity"}

// ForPrograms returns an address for the programs of PostgreSQL, as a keyword string
// without its password.
func ForPrograms(address string) (keywordString, password string, err error) {
	config, err := Parse(address)
	if err != nil {
		return "", "", err
	}
	parameters, err := read(address)
	if err != nil {
		return "", "", err
	}
	parameters = maps.Clone(parameters)
	for _, name := range append(ofDriver, "password") {
		delete(parameters, name)
	}
	parameters["user"], parameters["dbname"] = config.ConnConfig.User, parameters["database"]
	delete(parameters, "database")
	maps.DeleteFunc(parameters, func(_, value string) bool { return value == "" })
	return keywords(parameters), config.ConnConfig.Password, nil
}
