package logging

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
)

// off is above every level that is logged.
const off = slog.Level(1000)

var levels = map[string]slog.Level{
	"off": off, "error": slog.LevelError, "warn": slog.LevelWarn, "info": slog.LevelInfo, "debug": slog.LevelDebug,
}

// Filter says from which level on each component's records are logged. The zero
// Filter logs from info on.
type Filter struct {
	general    slog.Level
	components map[string]slog.Level
}

// ParseFilter reads levels parted by commas: one for everything, the others for
// a component, as in "info,postgres=debug". The later of two wins. The error
// names the part that is wrong; components are those that exist.
func ParseFilter(text string, components []string) (Filter, error) {
	filter := Filter{components: map[string]slog.Level{}}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		component, name, specific := strings.Cut(part, "=")
		if !specific {
			component, name = "", part
		}
		level, ok := levels[strings.ToLower(strings.TrimSpace(name))]
		if !ok {
			return Filter{}, fmt.Errorf("%q is no level: use off, error, warn, info or debug, for all or for a component, as in info,postgres=debug", part)
		}
		component = strings.TrimSpace(component)
		switch {
		case !specific:
			filter.general = level
		case slices.Contains(components, component):
			filter.components[component] = level
		default:
			return Filter{}, fmt.Errorf("%q is no component: use one of %s", component, strings.Join(components, ", "))
		}
	}
	return filter, nil
}

// level is the least level that is logged for a component.
func (f Filter) level(component string) slog.Level {
	if level, ok := f.components[component]; ok {
		return level
	}
	return f.general
}

// least is the least level that is logged at all.
func (f Filter) least() slog.Level {
	return slices.Min(append(slices.Collect(maps.Values(f.components)), f.general))
}
