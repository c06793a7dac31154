package sqlcheck

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/roster-directory/roster/adapters/postgres/sqlcheck/internal/sqltext"
)

// LogUnknown is what a Tracer does in production: it logs an error at most once
// an interval, with how many there were since the last. The text is shown by
// its first words, without literals, and by a hash; arguments are not shown.
func LogUnknown(logger *slog.Logger, interval time.Duration) func(ctx context.Context, text string) {
	var mu sync.Mutex
	var last time.Time
	missed := 0
	return func(ctx context.Context, text string) {
		mu.Lock()
		defer mu.Unlock()
		now := time.Now()
		if !last.IsZero() && now.Sub(last) < interval {
			missed++
			return
		}
		sum := sha256.Sum256([]byte(text))
		logger.LogAttrs(ctx, slog.LevelError, "a statement that is not registered is sent",
			slog.String("begins", beginning(text)), slog.String("sha256", hex.EncodeToString(sum[:8])), slog.Int("others", missed))
		last, missed = now, 0
	}
}

// beginning is a statement's first words, of its code alone.
func beginning(text string) string {
	const most = 5
	words := strings.Fields(sqltext.Code(text))
	return strings.Join(words[:min(most, len(words))], " ")
}
