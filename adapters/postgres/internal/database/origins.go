package database

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck"
	"github.com/roster-directory/roster/ports"
)

// originsSetting tells the triggers of the log who makes the changes of a transaction
// (migrations/00129_log.sql).
const originsSetting = "roster.origins"

// Longer texts are cut: an entry of the log is small.
const (
	maxActor   = 256
	maxRequest = 128
)

type originsKey struct{}

// WithOrigins returns a context for a statement with changes of several callers: each
// origin by the text of the id that is changed.
func WithOrigins(ctx context.Context, origins map[string]ports.Origin) context.Context {
	return context.WithValue(ctx, originsKey{}, origins)
}

// originOf is the setting for the changes of a context; none where no origin is known.
func originOf(ctx context.Context) (limits sqlcheck.Limits) {
	origins, several := ctx.Value(originsKey{}).(map[string]ports.Origin)
	if !several {
		origin := ports.OriginOf(ctx)
		if origin == (ports.Origin{}) {
			return limits
		}
		origins = map[string]ports.Origin{"": origin}
	}
	limits.Setting, limits.Value = originsSetting, OriginsText(origins)
	return limits
}

// OriginsText is the value of the setting for origins by the text of the id that is
// changed. The empty text is for all other ids.
func OriginsText(origins map[string]ports.Origin) string {
	pairs := make(map[string][2]*string, len(origins))
	for subject, origin := range origins {
		pairs[subject] = [2]*string{shortened(origin.Actor, maxActor), shortened(origin.Request, maxRequest)}
	}
	text, err := json.Marshal(pairs)
	if err != nil {
		panic(err) // there is no text that JSON can't hold
	}
	return string(text)
}

// shortened is a text that PostgreSQL can hold, of up to so many bytes; nil for an empty one.
func shortened(text string, most int) *string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\ufffd")
	for len(text) > most {
		_, last := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-last]
	}
	if text == "" {
		return nil
	}
	return &text
}
