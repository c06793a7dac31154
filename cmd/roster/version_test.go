package main

import (
	"runtime/debug"
	"testing"
)

func TestTheVersionIsThatOfTheBuild(t *testing.T) {
	setting := func(pairs ...string) (all []debug.BuildSetting) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, debug.BuildSetting{Key: pairs[i], Value: pairs[i+1]})
		}
		return all
	}
	for name, c := range map[string]struct {
		info *debug.BuildInfo
		want build
	}{
		"nothing is known":   {nil, build{"(devel)", "unknown"}},
		"a module's version": {&debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}, build{"v1.2.3", "unknown"}},
		"a commit": {
			&debug.BuildInfo{Settings: setting("vcs.revision", "abc", "vcs.modified", "false")},
			build{"(devel)", "abc"},
		},
		"a commit with changes": {
			&debug.BuildInfo{Settings: setting("vcs.modified", "true", "vcs.revision", "abc")},
			build{"(devel)", "abc with changes"},
		},
	} {
		if got := readBuild(c.info, c.info != nil); got != c.want {
			t.Errorf("%s: %+v, not %+v", name, got, c.want)
		}
	}
}
