package nulls

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed functions.txt
var functionList string

// yields reads functions.txt: the section of each function by its key, with
// the limit that a row's function may have.
var yields = sync.OnceValue(func() map[string]string {
	found := map[string]string{}
	section := ""
	for line := range strings.Lines(functionList) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = strings.Trim(line, "[]")
		default:
			for _, word := range strings.Fields(line) {
				found[word] = section
			}
		}
	}
	return found
})

// yield is the section of functions.txt that has a function, or "".
func yield(f Function) string {
	switch {
	case f.Library != "":
		if s := yields()[f.Library+":"+f.Source]; s == "extensions" {
			return "arguments"
		}
	case !f.BuiltIn:
	case f.Kind == 'a':
		return among(f.Name, "aggregates", "collectors", "counters")
	case f.Kind == 'w':
		if s := among(f.Name+"/"+strconv.Itoa(f.Arguments), "unframed"); s != "" {
			return s
		}
		return among(f.Name, "counters", "framed", "unframed")
	case f.Language == "sql":
		return among(f.Name+"/"+strconv.Itoa(f.Arguments), "arguments")
	default:
		return among(f.Source, "arguments", "first", "always", "rows")
	}
	return ""
}

func among(key string, sections ...string) string {
	s := yields()[key]
	for _, allowed := range sections {
		if s == allowed {
			return s
		}
	}
	return ""
}

// rowsNotNull reports whether column n, from 1, of the rows that a built-in
// function returns is never NULL.
func rowsNotNull(f Function, n int) bool {
	if f.Library != "" || !f.BuiltIn || f.Kind != 'f' {
		return false
	}
	all := yields()
	return all[f.Source] == "rows" || all[f.Source+":"+strconv.Itoa(n)] == "rows"
}
