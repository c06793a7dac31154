package main

import (
	"bytes"
	"errors"
	"log/slog"
	"math"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// These tests change a setting of the whole process, so none is parallel.

const gibibyte = 1 << 30

func TestTheMemoryLimitIsFromTheContainer(t *testing.T) {
	for name, c := range map[string]struct {
		container    memlimit.Provider
		withPostgres bool
		environ      string
		want         int64
		warns        bool
	}{
		"alone":                          {container: memlimit.Limit(gibibyte), want: gibibyte / 10 * 9},
		"beside PostgreSQL":              {container: memlimit.Limit(gibibyte), withPostgres: true, want: gibibyte / 2},
		"with GOMEMLIMIT":                {container: memlimit.Limit(gibibyte), environ: "2GiB", want: math.MaxInt64},
		"without a limit":                {container: refusing(memlimit.ErrNoLimit), want: math.MaxInt64},
		"without a container":            {container: refusing(memlimit.ErrNoCgroup), want: math.MaxInt64},
		"with an unreadable limit":       {container: refusing(errors.New("garbled")), want: math.MaxInt64, warns: true},
		"on a system without containers": {container: refusing(memlimit.ErrCgroupsNotSupported), want: math.MaxInt64},
	} {
		t.Run(name, func(t *testing.T) {
			before := debug.SetMemoryLimit(math.MaxInt64)
			t.Cleanup(func() { debug.SetMemoryLimit(before) })
			t.Setenv("GOMEMLIMIT", c.environ)
			var log bytes.Buffer
			limitMemory(t.Context(), c.container, c.withPostgres, slog.New(slog.NewTextHandler(&log, nil)))
			if limit := debug.SetMemoryLimit(-1); limit-c.want > 8 || c.want-limit > 8 {
				t.Errorf("the limit is %d, not %d", limit, c.want)
			}
			if strings.Contains(log.String(), "GOMEMLIMIT") != c.warns {
				t.Errorf("the log says %q", log.String())
			}
		})
	}
}

func refusing(err error) memlimit.Provider { return func() (uint64, error) { return 0, err } }
