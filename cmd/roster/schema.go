package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/schema"
	"github.com/roster-directory/roster/cmd/roster/settings"
)

// schemaPause is the pause between two comparisons of the schema. One takes PostgreSQL
// about 10 ms of a processor.
const schemaPause = 10 * time.Second

// schemaWatch compares the schema with the expected one, and logs each difference once.
type schemaWatch struct {
	verify func(context.Context) (*schema.Report, error)
	log    *slog.Logger
	// known are the differences of the last comparison.
	known map[string]schema.Difference
}

// compare logs what has changed since the last comparison.
func (w *schemaWatch) compare(ctx context.Context) (*schema.Report, error) {
	report, err := w.verify(ctx)
	if err != nil {
		return nil, err
	}
	found := make(map[string]schema.Difference, len(report.Differences))
	for _, d := range report.Differences {
		found[d.String()] = d
		if _, known := w.known[d.String()]; known {
			continue
		}
		level := slog.LevelError
		if d.Severity == schema.Warning {
			level = slog.LevelWarn
		}
		w.log.Log(ctx, level, "The schema is not the expected one", "object", d.Object, "problem", d.Problem,
			"severity", d.Severity, "fix", shortFix(d))
	}
	for text, d := range w.known {
		if _, still := found[text]; !still {
			w.log.InfoContext(ctx, "The schema is the expected one again", "object", d.Object)
		}
	}
	w.known = found
	return report, nil
}

// start compares in the background. The returned function ends that.
func (w *schemaWatch) start(ctx context.Context, pause time.Duration) (stop func()) {
	return background(ctx, func(ctx context.Context) {
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(pause):
			}
			if _, err := w.compare(ctx); err != nil && ctx.Err() == nil {
				w.log.DebugContext(ctx, "The schema was not compared", "error", err)
			}
		}
	})
}

// watchSchema compares the schema, and returns an error if requests would fail or rules
// would not be kept; with any, it only logs that. Then it compares in the background.
func (s *session) watchSchema(ctx context.Context, verify func(context.Context) (*schema.Report, error), anySchema bool) (func(), error) {
	watch := &schemaWatch{verify: verify, log: s.component(logPostgres)}
	report, err := watch.compare(ctx)
	switch {
	case errors.Is(err, schema.ErrOlder): // as the log says already
	case err != nil && ctx.Err() == nil:
		watch.log.WarnContext(ctx, "The schema could not be compared with the expected one", "error", err)
	case err == nil && !anySchema:
		if err := schemaRefusal(report); err != nil {
			return nil, fmt.Errorf("%w (ROSTER_ANY_SCHEMA=yes serves all the same)", err)
		}
	}
	return watch.start(ctx, schemaPause), nil
}

// schemaRefusal is the error of a schema that breaks Roster, or nil.
func schemaRefusal(report *schema.Report) error {
	breaks := report.Of(schema.Fails, schema.Unsafe)
	if len(breaks) == 0 {
		return nil
	}
	more := ""
	if len(breaks) > 1 {
		more = fmt.Sprintf(" (and %s)", counted(int64(len(breaks)-1), "other difference"))
	}
	newer := ""
	if report.Version > report.Expected {
		newer = fmt.Sprintf("; the schema is at %05d and this Roster knows %05d: a newer Roster may fit", report.Version, report.Expected)
	}
	return fmt.Errorf("the schema is not the one that this Roster needs: %s%s%s; roster migrate verify shows all; fix: %s",
		breaks[0], more, newer, shortFix(breaks[0]))
}

// shortFix is what to run, in one line.
func shortFix(d schema.Difference) string {
	text := strings.Join(d.Fix, " ")
	if strings.Contains(text, "\n") {
		origin, _, _ := strings.Cut(strings.TrimPrefix(text, "-- of "), "\n")
		return "run the statement that roster migrate verify shows, from " + origin
	}
	return text
}

// missesSomething is whether a statement failed because there is no such right, column,
// function or table.
func missesSomething(failure error) bool {
	var coded interface{ SQLState() string }
	if !errors.As(failure, &coded) {
		return false
	}
	switch coded.SQLState() {
	case "42501", "42703", "42883", "42P01":
		return true
	}
	return false
}

// explainSchema looks for the cause of a statement that failed in the schema: a missing
// right or name.
func (s *session) explainSchema(ctx context.Context, url string, failure error) error {
	if !missesSomething(failure) {
		return failure
	}
	migrator, err := s.newMigrator(url)
	if err != nil {
		return failure
	}
	report, err := migrator.Verify(ctx, "")
	if err = errors.Join(err, migrator.Close()); err != nil {
		return failure
	}
	if refused := schemaRefusal(report); refused != nil {
		return fmt.Errorf("%s: %w (%w)", settings.Redact(url), refused, failure)
	}
	return failure
}
