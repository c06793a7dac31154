package logging

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
)

// off is above all levels of records.
const off = slog.Level(1000)

var levels = map[string]slog.Level{
	"off": off, "error": slog.LevelError, "warn": slog.LevelWarn, "info": slog.LevelInfo, "debug": slog.LevelDebug,
}

// Filter is the minimum level of each component's records. The minimum of the zero
// Filter is info.
type Filter struct {
	general    slog.Level
	components map[string]slog.Level
}

// ParseFilter reads levels that are separated by commas: one for all components,
// the others for one component each, as in "info,postgres=debug". The last one of
// several counts. The error names the invalid part. components are the existing
// components.
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
			const fix = "use off, error, warn, info or debug, for all or for a component, as in info,postgres=debug"
			return Filter{}, fmt.Errorf("unknown level %q: %s", part, fix)
		}
		component = strings.TrimSpace(component)
		switch {
		case !specific:
			filter.general = level
		case slices.Contains(components, component):
			filter.components[component] = level
		default:
			return Filter{}, fmt.Errorf("unknown component %q: use one of %s", component, strings.Join(components, ", "))
		}
	}
	return filter, nil
}

// level is the minimum level of a component.
func (f Filter) level(component string) slog.Level {
	if level, ok := f.components[component]; ok {
		return level
	}
	return f.general
}

// minimum is the lowest of the levels of all components.
func (f Filter) minimum() slog.Level {
	return slices.Min(append(slices.Collect(maps.Values(f.components)), f.general))
}
