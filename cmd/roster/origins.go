package main

import "github.com/alecthomas/kong"

// origin is where a setting's value comes from.
type origin string

const (
	fromDefault     origin = "default"
	fromEnvironment origin = "environment"
	fromFlag        origin = "flag"
)

// provenance says where the values of flags come from, by the flag's name.
type provenance map[string]origin

func origins(parsed *kong.Context) provenance {
	all := provenance{}
	for _, step := range parsed.Path {
		switch {
		case step.Flag == nil:
		case step.Resolved:
			all[step.Flag.Name] = fromEnvironment
		default:
			all[step.Flag.Name] = fromFlag
		}
	}
	return all
}

// of returns where the value of a flag comes from.
func (p provenance) of(flag *kong.Flag) origin {
	if found, ok := p[flag.Name]; ok {
		return found
	}
	return fromDefault
}
